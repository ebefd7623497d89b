/* fixed_column.c - see fixed_column.h. */
#include "inspector/dashboard/fixed_column.h"

#include "common/strbuf.h"
#include "inspector/dashboard/dashboard.h"

void fixed_headings(const struct dashboard *dashboard, struct table *table)
{
    (void)dashboard;
    for (size_t i = 0; i < table->screen->column_count; i++) {
        const struct fixed_column *column = &table->screen->columns[i];
        table->headings[table->heading_count++] = (struct heading){
            .name = column->name, .type = column->type, .column = column, .format = column->format};
    }
}

struct value fixed_cell(const struct dashboard *dashboard, const struct row *row,
                        const struct heading *heading, struct strbuf *scratch)
{
    const struct fixed_column *column = heading->column;
    return column->get(&dashboard->model, row->thing, scratch);
}

enum style fixed_style(const struct dashboard *dashboard, const struct row *row,
                       const struct heading *heading)
{
    const struct fixed_column *column = heading->column;
    AUTO_STRBUF struct strbuf scratch = {0};
    if (column->dims_zero && !column->get(&dashboard->model, row->thing, &scratch).number)
        return STYLE_DIM;
    return column->style_of ? column->style_of(&dashboard->model, row->thing) : column->style;
}
