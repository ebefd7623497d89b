/* xml.h - text in XML. */
#pragma once

struct strbuf;

/*
 * Adds text as content or as the value of an attribute: the five characters that mean something in XML as
 * references. Control characters, which XML cannot have, are for escape_bytes() to take out before.
 */
void xml_add(struct strbuf *xml, const char *text);
