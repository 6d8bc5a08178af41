import type { VNode } from "preact";
import type { Attribute } from "../../api/model.ts";
import { attributeText } from "../format/attribute.ts";
import { visibleText } from "../format/text.ts";
import { href } from "../state/address.ts";
import { CopyButton } from "./copy_button.tsx";
import { Icon } from "./icons.tsx";
import { DottedText, LongText } from "./text.tsx";

/** Longer values are no good filters. */
const FILTERABLE_LENGTH = 200;

/** Attributes to read, to copy and, of a span, to look for in other traces. */
export function AttributeTable(
  { attributes, dropped = 0, filterable = false }: {
    attributes: readonly Attribute[];
    dropped?: number | undefined;
    filterable?: boolean;
  },
): VNode {
  if (attributes.length === 0 && dropped === 0) return <p class="muted">None</p>;
  return (
    <>
      <dl class="attributes">
        {attributes.map(({ key, value }) => {
          const text = attributeText(value);
          const name = visibleText(key).slice(0, 100);
          return (
            <div key={key}>
              <dt title={visibleText(key).slice(0, 1000)}>
                <DottedText value={key} />
              </dt>
              <dd>
                <div class="value">
                  <LongText value={text} />
                </div>
                <span class="tools">
                  {filterable && text.length <= FILTERABLE_LENGTH && !key.includes(":") && (
                    <a
                      class="button quiet small"
                      href={href("traces", { attr: `${key}:${text}` })}
                      aria-label={`Traces with this ${name}`}
                      title="Traces with this value"
                    >
                      <Icon name="filter" size={13} />
                    </a>
                  )}
                  <CopyButton text={text} what={name} />
                </span>
              </dd>
            </div>
          );
        })}
      </dl>
      {dropped > 0 && <p class="muted">{dropped} more were dropped by the sender.</p>}
    </>
  );
}
