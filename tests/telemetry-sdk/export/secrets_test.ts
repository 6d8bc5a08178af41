import assert from "node:assert/strict";
import { resolveConfig } from "../../../telemetry-sdk/config/resolve.ts";
import { withoutSecrets } from "../../../telemetry-sdk/export/secrets.ts";

Deno.test("withoutSecrets() takes out what the endpoint and the headers keep secret", () => {
  const { config } = resolveConfig([{
    name: "code",
    warnings: [],
    config: {
      traces: {
        otlp: {
          endpoint: "https://user:p%40ssword@collector.example/v1/traces?key=hunter22",
          headers: { authorization: "Bearer secret-token", "x-tenant": "1" },
        },
      },
    },
  }]);
  const [destination] = config.traces.destinations;
  assert.ok(destination);
  const { otlp } = destination;
  assert.equal(
    withoutSecrets(
      `1 try at https://collector.example/v1/traces?key=hunter22 with secret-token and p@ssword`,
      otlp,
    ),
    "1 try at https://collector.example/v1/traces?key=REDACTED with REDACTED and REDACTED",
  );
  assert.equal(
    withoutSecrets(`POST ${otlp.endpoint}: Bearer secret-token`, otlp),
    "POST https://collector.example/v1/traces?key=REDACTED: REDACTED",
  );
});
