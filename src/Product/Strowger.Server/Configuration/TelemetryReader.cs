namespace Strowger.Server.Configuration;

/// <summary>Where figures and spans are sent by OTLP.</summary>
public sealed record OtlpConfiguration
{
    /// <summary>The collector, without the path of a signal: usually port 4318 for http/protobuf, 4317 for grpc.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Default http/protobuf.</summary>
    public bool IsGrpc { get; init; }

    /// <summary><c>name=value</c>, separated by commas; may hold a secret.</summary>
    public string? Headers { get; init; }

    /// <summary>Figures are sent this often. Default 30 s, 1 s to 1 h.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Share of calls that get a span, unless whoever calls has decided. Default 0.01, 0 to 1.</summary>
    public double Traces { get; init; } = 0.01;

    /// <summary>Without the headers, which must reach no log.</summary>
    public override string ToString() => Endpoint.ToString();
}

/// <summary>Checks section <c>Telemetry</c>.</summary>
internal static class TelemetryReader
{
    private const int MaxAddress = 2048;
    private const int MaxHeaders = 4096;

    /// <summary>Null when nothing is to be sent.</summary>
    public static OtlpConfiguration? Read(SectionReader reader)
    {
        var otlp = Otlp(reader.Section("Otlp"));
        reader.Finish();
        return otlp;
    }

    private static OtlpConfiguration? Otlp(SectionReader reader)
    {
        if (reader.IsEmpty)
        {
            return null;
        }

        var text = reader.Required("Endpoint", "the collector's address, such as http://127.0.0.1:4318", MaxAddress);
        var isGrpc = reader.Choice("Protocol", [("http/protobuf", (bool?)false), ("grpc", true)], false);
        var headers = reader.Text("Headers", null, MaxHeaders);
        var every = reader.Duration("Every", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), TimeSpan.FromSeconds(30));
        var traces = reader.Number("Traces", 0, 1, "of all calls", 0.01)!.Value;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
        {
            if (text.Length > 0)
            {
                reader.Add("Endpoint", $"\"{text}\"", "allowed is a full address that begins with http:// or https://");
            }

            endpoint = new Uri("http://127.0.0.1:4318");
        }

        if (headers is not null && headers.Split(',').Any(header => header.IndexOf('=', StringComparison.Ordinal) < 1))
        {
            reader.Add("Headers", null, "allowed is name=value, more of them separated by commas");
        }

        reader.Finish();
        return new OtlpConfiguration { Endpoint = endpoint, IsGrpc = isGrpc, Headers = headers, Every = every, Traces = traces };
    }
}
