/* detail_findings.c - see detail.h: what is wrong with an object, and how sure that is. */
#include "common/strbuf.h"
#include "inspector/detail.h"
#include "inspector/detail_text.h"
#include "inspector/finding.h"

#include <errno.h>

int detail_add_findings(struct detail *detail, const struct findings *findings, const struct object *object)
{
    AUTO_STRBUF struct strbuf text = {0};
    bool any = false;
    array_each(&findings->all, finding)
    {
        if (!finding_concerns(finding, object))
            continue;
        if (!any)
            detail_heading(detail, "Findings");
        any = true;
        strbuf_add_format(&text, "%s: %s", confidence_name(finding->confidence), finding->reason);
        detail_line(detail, finding->rule->name, &text);
        if (!finding->confirm)
            continue;
        strbuf_add_format(&text, "%s %s", confidence_condition(finding->confidence), finding->confirm);
        detail_line(detail, "", &text);
    }
    return detail->failed || text.failed ? -ENOMEM : 0;
}
