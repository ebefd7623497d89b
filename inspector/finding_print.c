/* finding_print.c - see finding_print.h. */
#include "inspector/finding_print.h"

#include "inspector/finding.h"

void finding_print(const struct finding *finding, FILE *out)
{
    fprintf(out, "%s (%s)", finding->rule->name, confidence_name(finding->confidence));
    for (size_t i = 0; i < finding->object_count; i++)
        fprintf(out, " %s", finding->objects[i]->label);
    fprintf(out, ": %s\n", finding->reason);
    if (finding->confirm)
        fprintf(out, "  %s: %s\n", confidence_condition(finding->confidence), finding->confirm);
}

void json_finding(struct json *json, const struct finding *finding)
{
    json_line(json);
    json_open(json, NULL, '{');
    json_text(json, "rule", finding->rule->name);
    json_text(json, "confidence", confidence_name(finding->confidence));
    json_open(json, "objects", '[');
    for (size_t i = 0; i < finding->object_count; i++)
        json_text(json, NULL, finding->objects[i]->label);
    json_close(json, '[');
    json_open(json, "pids", '[');
    for (size_t i = 0; i < finding->pid_count; i++)
        json_number(json, NULL, (uint64_t)finding->pids[i]);
    json_close(json, '[');
    json_text(json, "reason", finding->reason);
    if (finding->confirm)
        json_text(json, "confirm", finding->confirm);
    json_close(json, '{');
}
