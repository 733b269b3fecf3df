using System.Globalization;
using System.Text;
using System.Text.Json;
using Strowger.Engine;

namespace Strowger.Features.Jobs;

/// <summary>Reads <c>{body | body_base64, priority?, flow?, delay_ms? | run_at?, expires_in?, max_attempts?, unique_key?, headers?}</c>; the first mistake is told.</summary>
public sealed class JobRequestParser
{
    private const string Fields = "body, body_base64, priority, flow, delay_ms, run_at, expires_in, max_attempts, unique_key, headers";
    private const int MaxDepth = 64;

    private static readonly JsonDocumentOptions _strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    private readonly long _nowMs;
    private JobProblem? _problem;
    private JsonElement? _body;
    private JsonElement? _octets;
    private Lane _lane = Lane.Normal;
    private string _flow = string.Empty;
    private long? _delayMs;
    private long? _runAtMs;
    private long _expiresMs;
    private int _maxAttempts;
    private string? _uniqueKey;
    private ReadOnlyMemory<byte> _headers;

    private JobRequestParser(long nowMs) => _nowMs = nowMs;

    /// <param name="json">One object; copied where kept.</param>
    /// <param name="nowMs">Unix milliseconds.</param>
    /// <param name="request">The job, when there is no problem.</param>
    public static JobProblem? Parse(ReadOnlyMemory<byte> json, long nowMs, out JobRequest request)
    {
        request = null!;
        if (json.Length > JobLimits.MaxRequestBytes)
        {
            return new JobProblem("line_too_long", null, $"The job has {json.Length} octets; allowed are {JobLimits.MaxRequestBytes}. Keep large things elsewhere and name them.");
        }

        try
        {
            using var document = JsonDocument.Parse(json, _strict);
            var parser = new JobRequestParser(nowMs);
            return parser.Read(document.RootElement, out request);
        }
        catch (JsonException malformed)
        {
            return new JobProblem("malformed_json", null, $"Not valid JSON: {malformed.Message}");
        }
        catch (InvalidOperationException)
        {
            // The reader's word for half of a surrogate pair.
            return new JobProblem("malformed_json", null, "A text in the job is not well-formed Unicode.");
        }
    }

    private JobProblem? Read(JsonElement root, out JobRequest request)
    {
        request = null!;
        if (root.ValueKind != JsonValueKind.Object)
        {
            return new JobProblem("wrong_type", null, $"A job is an object with {Fields}.");
        }

        foreach (var member in root.EnumerateObject())
        {
            Take(member.Name, member.Value);
        }

        if (_body is null == _octets is null)
        {
            Fail("body", _body is null ? "missing_field" : "invalid_value", "a job has body (any JSON) or body_base64, one of them");
        }

        if (_delayMs is not null && _runAtMs is not null)
        {
            Fail("run_at", "invalid_value", "delay_ms and run_at do not go together");
        }

        var isOctets = _octets is not null;
        var body = isOctets ? OctetsOf(_octets!.Value) : _body is { } value ? Encoding.UTF8.GetBytes(value.GetRawText()) : [];
        if (_problem is not null)
        {
            return _problem;
        }

        var due = _delayMs is { } delay ? _nowMs + delay : _runAtMs ?? 0;
        if (_expiresMs > 0 && due > _expiresMs)
        {
            return JobProblem.Of("expires_in", "invalid_value", "expires_in: it would expire before it is due; expires_in counts from now.");
        }

        request = new JobRequest
        {
            Body = body,
            IsOctets = isOctets,
            Lane = _lane,
            Flow = _flow,
            DueMs = due > _nowMs ? due : 0,
            ExpiresMs = _expiresMs,
            MaxAttempts = _maxAttempts,
            UniqueKey = _uniqueKey,
            Headers = _headers,
        };
        return null;
    }

    private void Take(string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null && name != "body")
        {
            return;
        }

        switch (name)
        {
            case "body":
                _body = value;
                break;
            case "body_base64":
                _octets = value;
                break;
            case "priority":
                TakePriority(value);
                break;
            case "flow":
                _flow = Text(name, value, JobLimits.MaxFlowName) ?? string.Empty;
                break;
            case "delay_ms":
                _delayMs = Number(name, value, 0, (long)JobLimits.MaxAhead.TotalMilliseconds);
                break;
            case "run_at":
                TakeRunAt(value);
                break;
            case "expires_in":
                _expiresMs = Number(name, value, 1, (long)JobLimits.MaxAhead.TotalSeconds) is { } seconds ? _nowMs + (seconds * 1000) : 0;
                break;
            case "max_attempts":
                _maxAttempts = (int)(Number(name, value, 1, byte.MaxValue) ?? 0);
                break;
            case "unique_key":
                _uniqueKey = Text(name, value, JobLimits.MaxUniqueKey);
                break;
            case "headers":
                TakeHeaders(value);
                break;
            default:
                var shown = name.Length <= 64 ? name : name[..64];
                _problem ??= new JobProblem("unknown_field", shown, $"There is no field '{shown}' in a job; known are {Fields}.");
                break;
        }
    }

    private void TakePriority(JsonElement value)
    {
        (_lane, var known) = value.ValueKind == JsonValueKind.String ? value.GetString() switch
        {
            "urgent" => (Lane.Urgent, true),
            "normal" => (Lane.Normal, true),
            "bulk" => (Lane.Bulk, true),
            _ => (Lane.Normal, false),
        }
        : (Lane.Normal, false);
        if (!known)
        {
            Fail("priority", "invalid_priority", "allowed are \"urgent\", \"normal\" and \"bulk\"");
        }
    }

    private void TakeRunAt(JsonElement value)
    {
        const string Allowed = "allowed is ISO 8601 with a zone, such as 2026-05-17T14:03:21Z, at most 366 days ahead";
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : string.Empty;
        var isZoned = text.EndsWith('Z') || (text.Length > 6 && text[^3] == ':' && text[^6] is '+' or '-');
        if (!isZoned || text.Length > 64 || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            || time.ToUnixTimeMilliseconds() > _nowMs + (long)JobLimits.MaxAhead.TotalMilliseconds)
        {
            Fail("run_at", "invalid_time", Allowed);
            return;
        }

        _runAtMs = time.ToUnixTimeMilliseconds();
    }

    private void TakeHeaders(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Any(h => h.Value.ValueKind != JsonValueKind.String))
        {
            Fail("headers", "wrong_type", "allowed is an object of strings");
            return;
        }

        var text = Encoding.UTF8.GetBytes(value.GetRawText());
        if (text.Length > JobLimits.MaxHeaderBytes || value.GetPropertyCount() > JobLimits.MaxHeaders)
        {
            Fail("headers", "too_long", $"there are {value.GetPropertyCount()} in {text.Length} octets; allowed are {JobLimits.MaxHeaders} in {JobLimits.MaxHeaderBytes}");
            return;
        }

        _headers = text;
    }

    private byte[] OctetsOf(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out var octets))
        {
            return octets;
        }

        Fail("body_base64", "invalid_value", "allowed is a string of base64");
        return [];
    }

    private string? Text(string name, JsonElement value, int most)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            Fail(name, "wrong_type", "allowed is a string");
            return null;
        }

        var text = value.GetString()!;
        if (text.Length is 0 || text.Length > most)
        {
            Fail(name, text.Length == 0 ? "invalid_value" : "too_long", $"it has {text.Length} characters; allowed are 1 to {most}");
            return null;
        }

        return text;
    }

    private long? Number(string name, JsonElement value, long from, long to)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var number))
        {
            Fail(name, "wrong_type", $"allowed is a whole number from {from} to {to}");
            return null;
        }

        if (number < from || number > to)
        {
            Fail(name, "out_of_range", $"{number} is out of range; allowed are {from} to {to}");
            return null;
        }

        return number;
    }

    private void Fail(string field, string code, string detail) => _problem ??= JobProblem.Of(field, code, $"{field}: {detail}.");
}
