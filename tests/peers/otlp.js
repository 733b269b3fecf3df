// A collector of OpenTelemetry: takes OTLP over HTTP and over gRPC and decodes it with the schema of the npm package @opentelemetry/otlp-transformer.
//   node otlp.js
// Prints one JSON object a line: {"event":"ready","http":URL,"grpc":URL} first, then for each export
// {"event":"metrics",way,service,key,points:{name:[{labels,value,monotonic}]}} or {"event":"span",way,service,key,name,kind,trace,parent,attributes}.
'use strict';
const http = require('http');
const http2 = require('http2');
const path = require('path');

// Its exports leave the generated decoders out.
const generated = path.join(path.dirname(require.resolve('@opentelemetry/otlp-transformer')), 'generated', 'root.js');
const { collector } = require(generated).opentelemetry.proto;
const say = (object) => process.stdout.write(JSON.stringify(object) + '\n');
const plain = (value) => value.stringValue ?? value.doubleValue ?? value.boolValue ?? (value.intValue == null ? undefined : Number(value.intValue.toString()));
const labels = (attributes) => Object.fromEntries(attributes.map((attribute) => [attribute.key, plain(attribute.value)]));
const hex = (bytes) => Buffer.from(bytes).toString('hex');

function takeMetrics(body, about) {
    for (const resource of collector.metrics.v1.ExportMetricsServiceRequest.decode(body).resourceMetrics) {
        const points = {};
        for (const metric of resource.scopeMetrics.flatMap((scope) => scope.metrics)) {
            const data = metric.sum || metric.gauge;
            points[metric.name] = data.dataPoints.map((point) => ({ labels: labels(point.attributes), value: point.asDouble, monotonic: Boolean(metric.sum && metric.sum.isMonotonic) }));
        }
        say({ event: 'metrics', ...about, service: labels(resource.resource.attributes)['service.name'], points });
    }
}

function takeTraces(body, about) {
    for (const resource of collector.trace.v1.ExportTraceServiceRequest.decode(body).resourceSpans) {
        for (const span of resource.scopeSpans.flatMap((scope) => scope.spans)) {
            say({
                event: 'span', ...about, service: labels(resource.resource.attributes)['service.name'],
                name: span.name, kind: span.kind, trace: hex(span.traceId), parent: hex(span.parentSpanId || []), attributes: labels(span.attributes),
            });
        }
    }
}

function take(url, body, about) {
    if (url.endsWith('/v1/metrics') || url.endsWith('MetricsService/Export')) {
        takeMetrics(body, about);
    } else if (url.endsWith('/v1/traces') || url.endsWith('TraceService/Export')) {
        takeTraces(body, about);
    } else {
        say({ event: 'strange', url });
    }
}

const overHttp = http.createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
        take(request.url, Buffer.concat(chunks), { way: 'http', key: request.headers['x-key'] });
        response.writeHead(200, { 'Content-Type': 'application/x-protobuf' }).end();
    });
});
const overGrpc = http2.createServer();
overGrpc.on('stream', (stream, headers) => {
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () => {
        // A flag and the length stand before each message.
        take(headers[':path'], Buffer.concat(chunks).subarray(5), { way: 'grpc', key: headers['x-key'] });
        stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
        stream.end(Buffer.alloc(5));
    });
});
overHttp.listen(0, '127.0.0.1', () => overGrpc.listen(0, '127.0.0.1', () => say({
    event: 'ready', http: `http://127.0.0.1:${overHttp.address().port}`, grpc: `http://127.0.0.1:${overGrpc.address().port}`,
})));
process.stdin.on('end', () => process.exit(0)).resume();
