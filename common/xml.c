/* xml.c - see xml.h. */
#include "common/xml.h"

#include "common/strbuf.h"

#include <string.h>

void xml_add(struct strbuf *xml, const char *text)
{
    static const char special[] = "<>&\"'";
    static const char *const references[] = {"&lt;", "&gt;", "&amp;", "&quot;", "&apos;"};
    for (; *text; text++) {
        const char *found = strchr(special, *text);
        if (found)
            strbuf_add_string(xml, references[found - special]);
        else
            strbuf_add_char(xml, *text);
    }
}
