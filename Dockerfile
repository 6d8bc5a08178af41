# The example service as an image. `docker compose up --build` uses it; docs/production.md tells
# what to change for a service of your own.
FROM denoland/deno:2.9.6

WORKDIR /app

# The packages first: they change less often than the sources, so that their layer is kept. Every
# member of the workspace has to be there, also those that the service does without, or Deno refuses deno.json.
COPY deno.json deno.lock ./
COPY framework/deno.json framework/
COPY telemetry-sdk/deno.json telemetry-sdk/
COPY example/deno.json example/
COPY tests/deno.json tests/
COPY bench/deno.json bench/
COPY viewer/deno.json viewer/
RUN ["deno", "install", "--frozen"]

COPY framework framework
COPY telemetry-sdk telemetry-sdk
COPY example example
COPY main.ts ./
RUN ["deno", "cache", "--frozen", "main.ts"]

# A new volume takes over who owns this directory. The code stays root's, and read-only for the
# service.
RUN mkdir /data && chown deno:deno /data
VOLUME /data
USER deno

# In a container, loopback is nobody else's. KV_PATH is also in the permissions below.
ENV HOST=0.0.0.0 PORT=8000 KV_PATH=/data/shop.db
EXPOSE 8000

HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["deno", "eval", "const { ok } = await fetch(`http://127.0.0.1:${Deno.env.get('PORT')}/health`); Deno.exit(ok ? 0 : 1)"]

# The permissions of the task "start:otel". A shell would not pass SIGTERM on, so there is none.
CMD ["deno", "run", "--cached-only", "--no-prompt", "--allow-net", "--allow-env=PORT,HOST,KV_PATH,OTEL_*", "--allow-sys=hostname,osRelease", "--allow-read=example/static,/data/shop.db", "--allow-write=/data/shop.db", "main.ts"]
