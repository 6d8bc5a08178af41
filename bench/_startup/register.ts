import "../../telemetry-sdk/register.ts";
