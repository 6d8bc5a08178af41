import type { VNode } from "preact";
import type { BackLink, Span, SpanLink } from "../../api/model.ts";
import { AttributeTable } from "../parts/attribute_table.tsx";
import { Icon } from "../parts/icons.tsx";
import { Ago } from "../parts/moment.tsx";
import { Section } from "../parts/section.tsx";
import { Text } from "../parts/text.tsx";
import { href } from "../state/address.ts";

/** More links than this are only counted. */
const MOST_LINKS = 100;

/** The links of a span, and those of other spans to it; both can be followed. */
export function LinkSection(
  { span, linkedFrom }: { span: Span; linkedFrom: readonly BackLink[] },
): VNode | null {
  const back = linkedFrom.filter(({ toSpanId }) => toSpanId === span.spanId);
  const { links } = span;
  if (links.length === 0 && back.length === 0) return null;
  return (
    <Section title={`Links (${links.length + back.length})`}>
      <ul class="links">
        {links.slice(0, MOST_LINKS).map((link, i) => (
          <li key={`to-${i}`}>
            <ForwardLink link={link} />
          </li>
        ))}
        {back.slice(0, MOST_LINKS).map((link) => (
          <li key={`from-${link.traceId}-${link.spanId}`}>
            <a class="span-link" href={href(["trace", link.traceId], { span: link.spanId })}>
              <Icon name="link" size={13} />
              <span class="muted">linked from</span>
              <Target name={link.name} service={link.service} />
              <Ago ms={link.startTime} />
            </a>
          </li>
        ))}
      </ul>
      {links.length + back.length > 2 * MOST_LINKS && <p class="muted">More are not shown.</p>}
    </Section>
  );
}

function ForwardLink({ link }: { link: SpanLink }): VNode {
  const target = (
    <>
      <Icon name="link" size={13} />
      <span class="muted">links to</span>
      <Target name={link.name ?? `span ${link.spanId}`} service={link.service} />
    </>
  );
  return (
    <>
      {link.known
        ? (
          <a class="span-link" href={href(["trace", link.traceId], { span: link.spanId })}>
            {target}
          </a>
        )
        : (
          <p class="span-link">
            {target}
            <span class="muted">not kept here</span>
          </p>
        )}
      {link.attributes.length > 0 && (
        <AttributeTable attributes={link.attributes} dropped={link.droppedAttributes} />
      )}
    </>
  );
}

function Target({ name, service }: { name: string; service: string | undefined }): VNode {
  return (
    <>
      <b class="clipped">
        <Text value={name} />
      </b>
      {service !== undefined && (
        <span class="muted clipped">
          <Text value={service} />
        </span>
      )}
    </>
  );
}
