/**
 * The stock middleware. Each is a function that takes options and returns what `app.use` takes.
 *
 * @module
 */
export { bodyLimit } from "./body_limit.ts";
export { compress } from "./compress.ts";
export type { CompressOptions } from "./compress.ts";
export { cors } from "./cors.ts";
export type { CorsOptions, OriginCheck } from "./cors.ts";
export { rateLimit } from "./rate_limit.ts";
export type { RateLimitOptions } from "./rate_limit.ts";
export { MemoryRateLimitStore } from "./rate_limit_store.ts";
export type {
  MemoryRateLimitStoreOptions,
  RateLimitCount,
  RateLimitStore,
} from "./rate_limit_store.ts";
export { requestId, requestIdOf } from "./request_id.ts";
export type { RequestIdOptions } from "./request_id.ts";
export { securityHeaders } from "./security_headers.ts";
export type { ContentSecurityPolicy, SecurityHeadersOptions } from "./security_headers.ts";
export { timeout } from "./timeout.ts";
