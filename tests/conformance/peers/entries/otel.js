// Turns OpenTelemetry's web SDK into one that makes a span of every request.

import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { FetchInstrumentation } from "@opentelemetry/instrumentation-fetch";
import { XMLHttpRequestInstrumentation } from "@opentelemetry/instrumentation-xml-http-request";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { WebTracerProvider } from "@opentelemetry/sdk-trace-web";

const { sink } = window.conformance;

const ignoreUrls = [new RegExp(`^${sink}/`)];
const provider = new WebTracerProvider({
  resource: resourceFromAttributes({ "service.name": "conformance" }),
  spanProcessors: [
    new BatchSpanProcessor(new OTLPTraceExporter({ url: `${sink}/otel` })),
  ],
});
provider.register();
registerInstrumentations({
  instrumentations: [
    new FetchInstrumentation({ ignoreUrls }),
    new XMLHttpRequestInstrumentation({ ignoreUrls }),
  ],
});
window.conformance.ready = true;
window.conformance.flush = () => provider.forceFlush();
