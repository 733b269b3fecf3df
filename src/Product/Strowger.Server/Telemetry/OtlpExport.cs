using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Strowger.Server.Cli;
using Strowger.Server.Configuration;
using Strowger.Server.Http;

namespace Strowger.Server.Telemetry;

/// <summary>Sends figures and spans to a collector by OTLP. There is none of it unless one is configured.</summary>
internal sealed class OtlpExport : IDisposable
{
    /// <summary>Queues times lanes, with room.</summary>
    private const int MaxSeries = 4096;

    /// <summary>What a collector that does not answer may cost: of an export, and of a stop.</summary>
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _atStop = TimeSpan.FromSeconds(1);

    private readonly OtlpMeter _meter;
    private readonly RequestSpans _spans;
    private readonly MeterProvider _metrics;
    private readonly TracerProvider _traces;

    private OtlpExport(OtlpConfiguration configuration, HttpApi api, TimeProvider time)
    {
        _meter = new OtlpMeter(api.Metrics, time);
        _spans = new RequestSpans(api.Routes.Select(route => route.Pattern));
        var resource = ResourceBuilder.CreateDefault().AddService("strowger", serviceVersion: ProductVersion.Text, serviceInstanceId: Environment.MachineName);
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(OtlpMeter.Name)
            .AddView(_ => new MetricStreamConfiguration { CardinalityLimit = MaxSeries })
            .AddOtlpExporter((exporter, reader) =>
            {
                Set(exporter, configuration, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)configuration.Every.TotalMilliseconds;
                reader.PeriodicExportingMetricReaderOptions.ExportTimeoutMilliseconds = (int)_timeout.TotalMilliseconds;
            })
            .Build();
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(RequestSpans.Source)
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(configuration.Traces)))
            .AddOtlpExporter(exporter => Set(exporter, configuration, "v1/traces"))
            .Build();
    }

    /// <summary>Begins, and puts spans around the calls of an application. To be called before its calls are mapped.</summary>
    /// <returns>Null when no collector is configured.</returns>
    public static OtlpExport? Start(OtlpConfiguration? configuration, HttpApi api, WebApplication app, TimeProvider time)
    {
        if (configuration is null)
        {
            return null;
        }

        var export = new OtlpExport(configuration, api, time);
        if (configuration.Traces > 0)
        {
            export._spans.Use(app);
        }

        return export;
    }

    public void Dispose()
    {
        var limit = (int)_atStop.TotalMilliseconds;
        _metrics.Shutdown(limit);
        _traces.Shutdown(limit);
        _metrics.Dispose();
        _traces.Dispose();
        _spans.Dispose();
        _meter.Dispose();
    }

    private static void Set(OtlpExporterOptions exporter, OtlpConfiguration configuration, string path)
    {
        exporter.Protocol = configuration.IsGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;

        // An address that is set here is taken as it is: the specification's path has to be put to it.
        exporter.Endpoint = configuration.IsGrpc ? configuration.Endpoint : new Uri(configuration.Endpoint.AbsoluteUri.TrimEnd('/') + "/" + path);
        exporter.Headers = configuration.Headers;
        exporter.TimeoutMilliseconds = (int)_timeout.TotalMilliseconds;
    }
}
