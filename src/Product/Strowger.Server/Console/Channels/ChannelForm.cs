using System.Globalization;
using Strowger.Server.Configuration;
using Strowger.Server.Http.Problems;

namespace Strowger.Server.ConsolePage;

/// <summary>A limit by sender in the form, as it was typed.</summary>
public sealed record LimitRow(string Name, string Senders, string Rate, string PerDay, string TimeZone)
{
    public static LimitRow Empty { get; } = new("", "", "", "", "");

    internal bool IsEmpty => Name.Length + Senders.Length + Rate.Length + PerDay.Length + TimeZone.Length == 0;
}

/// <summary>The form of a channel's settings: as they are kept, or as they were typed with what is wrong at each field.</summary>
public sealed class ChannelForm
{
    /// <summary>Limits and senders that a form shows: a table that people fill in by hand.</summary>
    private const int MaxLimits = 20;
    private const int MaxSenders = 1000;

    /// <summary>Fields that are in sight also while the rest is folded away.</summary>
    private static readonly string[] _inSight = ["name", "kind", "host", "port", "system_id", "password", "rate", "price", "binds", "window", "prefixes"];

    private readonly IReadOnlyDictionary<string, string> _values;
    private readonly Dictionary<string, string> _errors = [];
    private readonly List<string> _limitErrors = [];

    internal ChannelForm(string? name, bool isSmpp, IReadOnlyDictionary<string, string> values, IReadOnlyList<LimitRow> limits)
    {
        (Name, IsSmpp, _values, Limits) = (name, isSmpp, values, limits);
    }

    /// <summary>National languages by their codes.</summary>
    internal static IReadOnlyList<(string Code, string Name)> Languages { get; } = [("tr", "Turkish"), ("es", "Spanish"), ("pt", "Portuguese")];

    /// <summary>Null: a new channel.</summary>
    public string? Name { get; }

    /// <summary>Whether it shows what only a carrier's channel has; a new one shows all.</summary>
    public bool IsSmpp { get; }

    public IReadOnlyList<LimitRow> Limits { get; }

    /// <summary>They are changed elsewhere.</summary>
    public bool HasTooManyLimits => Limits.Count > MaxLimits || Limits.Sum(row => row.Senders.Count(c => c == ',')) > MaxSenders;

    /// <summary>What is wrong with the whole, or that something is wrong below.</summary>
    public string? Problem { get; private set; }

    public IReadOnlyList<string> LimitErrors => _limitErrors;

    public bool HasErrorInMore => _limitErrors.Count > 0 || _errors.Keys.Any(name => !_inSight.Contains(name));

    internal bool HasErrors => _errors.Count + _limitErrors.Count > 0;

    public string? this[string name] => _values.GetValueOrDefault(name);

    public static ChannelForm New { get; } = new(null, true, new Dictionary<string, string>(), []);

    internal static ChannelForm Of(ChannelConfiguration channel)
    {
        var values = new Dictionary<string, string>
        {
            ["host"] = channel.Host, ["port"] = Text(channel.Port), ["system_id"] = channel.SystemId, ["system_type"] = channel.SystemType,
            ["password_file"] = channel.PasswordFile ?? "", ["mode"] = Text(channel.Mode), ["binds"] = Text(channel.Binds), ["window"] = Text(channel.Window),
            ["tls"] = Text(channel.Tls), ["tls_server_name"] = channel.TlsServerName ?? "", ["tls_trusted_certificate"] = channel.TlsTrustedCertificate ?? "",
            ["long_messages"] = Text(channel.LongMessages), ["national_languages"] = string.Join(' ', channel.NationalLanguages.Select(NationalLanguageCodes.Of)),
            ["enquire_link"] = DurationText.ToText(channel.EnquireLink), ["response_timeout"] = DurationText.ToText(channel.ResponseTimeout),
            ["rate"] = Text(channel.Rate), ["price"] = channel.Price?.ToString("0.######", CultureInfo.InvariantCulture) ?? "", ["bucket"] = DurationText.ToText(channel.Bucket),
            ["prefixes"] = string.Join(' ', channel.Prefixes), ["max_parts"] = Text(channel.MaxParts), ["latin1"] = Text(channel.Latin1),
            ["inbound_url"] = channel.InboundUrl ?? "", ["when_unsure"] = Text(channel.WhenUnsure),
        };
        return new ChannelForm(channel.Name, channel.Kind == ChannelKind.Smpp, values,
            [.. channel.Limits.Select(limit => new LimitRow(limit.Name, string.Join(", ", limit.Senders ?? []), Text(limit.Rate), Text(limit.PerDay), limit.TimeZone))]);
    }

    /// <summary>Where the reader is taken to.</summary>
    public string? FirstError { get; private set; }

    public string? ErrorOf(string field) => _errors.GetValueOrDefault(field);

    public bool Is(string flag) => this[flag] == "true";

    public bool HasLanguage(string code) => _values.GetValueOrDefault("national_languages")?.Split(' ').Contains(code) == true;

    /// <summary>Something typed is wrong.</summary>
    internal void Fail(string field, string words)
    {
        FirstError ??= field;
        _errors.TryAdd(field, words);
    }

    internal void FailLimit(string words) => _limitErrors.Add(words);

    /// <summary>What the settings' own check found, at its fields.</summary>
    internal ChannelForm Fail(Language t, Problem? problem)
    {
        foreach (var wrong in problem?.Fields ?? [])
        {
            var words = wrong.Found is null ? t.Told(wrong.Allowed) : t["found {0}; {1}", wrong.Found, t.Told(wrong.Allowed)];
            if (wrong.Field.Split(':') is ["limits", var number, ..] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var row))
            {
                FailLimit($"{row + 1}. {(row < Limits.Count ? Limits[row].Name : "")} {words}");
            }
            else
            {
                Fail(wrong.Field, words);
            }
        }

        if (problem is { Fields.Count: 0 })
        {
            if (problem.Field is { } field && (_values.ContainsKey(field) || _inSight.Contains(field)))
            {
                Fail(field, t.Told(problem.Detail));
            }

            Problem = t.Told(problem.Detail);
        }

        Problem ??= t["Nothing was saved: see what stands above the fields."];
        return this;
    }

    private static string Text<T>(T value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "",
        Enum word => word.ToString().ToLowerInvariant(),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
