using System.Globalization;
using System.Text.Json;
using Strowger.Server.Http.Problems;

namespace Strowger.Server.Http.Json;

/// <summary>A body that is a small JSON object, read member by member; the first mistake is kept.</summary>
internal sealed class RequestObject
{
    private const int MaxDepth = 64;

    private static readonly JsonDocumentOptions _strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    private readonly JsonElement _root;

    private RequestObject(JsonElement root) => _root = root;

    public Problem? Problem { get; private set; }

    /// <summary>Reads the body; an empty one is an empty object.</summary>
    public static async ValueTask<RequestObject> ReadAsync(HttpContext context, params string[] known)
    {
        var (body, problem) = await RequestBody.ReadAsync(context).ConfigureAwait(false);
        return problem is not null ? new RequestObject(default) { Problem = problem } : Parse(body, known);
    }

    public static RequestObject Parse(ReadOnlyMemory<byte> body, params string[] known)
    {
        if (body.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            return new RequestObject(default);
        }

        try
        {
            using var document = JsonDocument.Parse(body, _strict);
            var read = new RequestObject(document.RootElement.Clone());
            read.CheckNames(known);
            return read;
        }
        catch (JsonException malformed)
        {
            return new RequestObject(default) { Problem = Problem.Of("malformed_json", $"Not valid JSON: {malformed.Message}") };
        }
        catch (InvalidOperationException)
        {
            // The reader's word for half of a surrogate pair in a name.
            return new RequestObject(default) { Problem = Problem.Of("malformed_json", "A name in the object is not well-formed Unicode.") };
        }
    }

    public bool Has(string name) => Find(name) is not null;

    /// <summary>It is there, be it null.</summary>
    public bool IsGiven(string name) => _root.ValueKind == JsonValueKind.Object && _root.TryGetProperty(name, out _);

    public string? Text(string name, int maxLength, string allowed = "a string")
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String || TextOf(value) is not { } text)
        {
            Fail("wrong_type", name, $"it is {KindOf(value)}; allowed is {allowed}");
            return null;
        }

        if (text.Length > maxLength)
        {
            Fail("too_long", name, string.Create(CultureInfo.InvariantCulture, $"it has {text.Length} characters; allowed are {maxLength}"));
            return null;
        }

        return text;
    }

    public string Required(string name, int maxLength, string allowed)
    {
        var text = Text(name, maxLength, allowed);
        if (string.IsNullOrWhiteSpace(text))
        {
            Fail("missing_field", name, $"it is missing; allowed is {allowed}");
        }

        return text ?? string.Empty;
    }

    /// <summary>An object within; null when it is not there. The first mistake in it is to be looked for in its <see cref="Problem"/>.</summary>
    public RequestObject? Object(string name, params string[] known)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        var read = new RequestObject(value);
        read.CheckNames(known);
        return read;
    }

    /// <summary>A list of objects, each with mistakes of its own; null when it is not there.</summary>
    public IReadOnlyList<RequestObject>? Objects(string name, int most, params string[] known)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is var count && (count == 0 || count > most))
        {
            Fail("wrong_type", name, string.Create(CultureInfo.InvariantCulture, $"allowed is a list of 1 to {most} objects"));
            return null;
        }

        return [.. value.EnumerateArray().Select(item =>
        {
            var read = new RequestObject(item);
            read.CheckNames(known);
            return read;
        })];
    }

    public double? Number(string name, double from, double to)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        var allowed = string.Create(CultureInfo.InvariantCulture, $"a number from {from} to {to}");
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number))
        {
            Fail("wrong_type", name, $"it is {KindOf(value)}; allowed is {allowed}");
            return null;
        }

        if (!(number >= from && number <= to))
        {
            Fail("out_of_range", name, string.Create(CultureInfo.InvariantCulture, $"{number} is out of range; allowed is {allowed}"));
            return null;
        }

        return number;
    }

    public long? Integer(string name, long from, long to)
    {
        var number = Number(name, from, to);
        if (number is { } whole && whole != Math.Floor(whole))
        {
            Fail("wrong_type", name, "it has a fraction; allowed is a whole number");
            return null;
        }

        return (long?)number;
    }

    public bool? Flag(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Fail("wrong_type", name, $"it is {KindOf(value)}; allowed are true and false");
            return null;
        }

        return value.GetBoolean();
    }

    /// <summary>A list of texts; null when it is not there.</summary>
    public IReadOnlyList<string>? Texts(string name, int most)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > most || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String || TextOf(item) is null))
        {
            Fail("wrong_type", name, string.Create(CultureInfo.InvariantCulture, $"allowed is a list of at most {most} strings"));
            return null;
        }

        return [.. value.EnumerateArray().Select(item => item.GetString()!)];
    }

    /// <summary>Any JSON, as it came; null when it is not there.</summary>
    public byte[]? Json(string name, int maxBytes)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        var text = System.Text.Encoding.UTF8.GetBytes(value.GetRawText());
        if (text.Length > maxBytes)
        {
            Fail("too_long", name, string.Create(CultureInfo.InvariantCulture, $"it has {text.Length} octets; allowed are {maxBytes}"));
            return null;
        }

        return text;
    }

    public DateTimeOffset? Time(string name)
    {
        const string Allowed = "ISO 8601 with a zone, such as 2026-05-17T14:03:21Z";
        if (Text(name, 64, Allowed) is not { } text)
        {
            return null;
        }

        var isZoned = text.EndsWith('Z') || (text.Length > 6 && text[^3] == ':' && text[^6] is '+' or '-');
        if (!isZoned || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            Fail("invalid_time", name, $"'{text}' is not a time; allowed is {Allowed}");
            return null;
        }

        return time;
    }

    public void Fail(string code, string name, string detail) => Problem ??= Problem.Of(code, $"{name}: {detail}.", name);

    private void CheckNames(string[] known)
    {
        if (_root.ValueKind != JsonValueKind.Object)
        {
            Problem = Problem.Of("wrong_type", $"The body is {KindOf(_root)}; allowed is an object{Members(known)}.");
            return;
        }

        foreach (var member in _root.EnumerateObject())
        {
            if (!known.Contains(member.Name, StringComparer.Ordinal))
            {
                var name = member.Name.Length <= 64 ? member.Name : member.Name[..64];
                Problem ??= Problem.Of("unknown_field", $"There is no field '{name}' here; an object{Members(known)} is allowed.", name);
            }
        }
    }

    private static string Members(string[] known) => known.Length == 0 ? " without members" : $" with {string.Join(", ", known)}";

    private JsonElement? Find(string name) =>
        _root.ValueKind == JsonValueKind.Object && _root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return null;
        }
    }

    private static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        JsonValueKind.Number => "a number",
        JsonValueKind.String => "a string",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };
}
