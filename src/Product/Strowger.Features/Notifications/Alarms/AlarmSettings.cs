using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Strowger.Records.Settings;

namespace Strowger.Features.Notifications.Alarms;

/// <summary>Nothing is told for a while: work is being done on it.</summary>
/// <param name="Rule">Only this rule; null: all.</param>
/// <param name="Subject">Only this subject; null: all.</param>
public sealed record AlarmMute(string Id, DateTimeOffset Until, string? Rule, string? Subject, string Reason, string Who)
{
    public bool Covers(string rule, string subject, DateTimeOffset now) =>
        now < Until && (Rule is null || Rule == rule) && (Subject is null || Subject == subject);
}

/// <summary>What was changed of alarms live: rules and mutes, kept in the settings and audited there, and the secret of links.</summary>
public sealed class AlarmSettings
{
    public const int MaxMutes = 100;
    private const string RulesKey = "alarm-rules";
    private const string MutesKey = "alarm-mutes";
    private const string SecretKey = "alarm-links";

    private readonly SettingsStore _settings;
    private readonly AlarmOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _turn = new();
    private readonly byte[] _linkKey;
    private volatile Dictionary<string, AlarmRule> _rules;
    private volatile AlarmMute[] _mutes;

    public AlarmSettings(SettingsStore settings, AlarmOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _options = options;
        _time = time;
        _rules = settings.Values.Get(RulesKey) is { } rules ? JsonSerializer.Deserialize(rules, AlarmJson.Default.DictionaryStringAlarmRule) ?? [] : [];
        _mutes = settings.Values.Get(MutesKey) is { } mutes ? JsonSerializer.Deserialize(mutes, AlarmJson.Default.AlarmMuteArray) ?? [] : [];
        _linkKey = LinkKey();
    }

    /// <summary>Live changes win over the configuration, that over what is usual.</summary>
    public AlarmRule Rule(string name) => _rules.GetValueOrDefault(name) ?? _options.Rules.GetValueOrDefault(name) ?? AlarmRules.Find(name)!.Usual;

    public void Change(AlarmRule rule, string who)
    {
        ArgumentNullException.ThrowIfNull(rule);
        lock (_turn)
        {
            var rules = new Dictionary<string, AlarmRule>(_rules) { [rule.Name] = rule };
            _settings.Values.Set(RulesKey, JsonSerializer.Serialize(rules, AlarmJson.Default.DictionaryStringAlarmRule), who);
            _rules = rules;
        }
    }

    public IReadOnlyList<AlarmMute> Mutes
    {
        get
        {
            var now = _time.GetUtcNow();
            return [.. _mutes.Where(mute => mute.Until > now)];
        }
    }

    /// <returns>Null when there are too many.</returns>
    public AlarmMute? Mute(DateTimeOffset until, string? rule, string? subject, string reason, string who)
    {
        lock (_turn)
        {
            var now = _time.GetUtcNow();
            var kept = _mutes.Where(mute => mute.Until > now).ToArray();
            if (kept.Length >= MaxMutes)
            {
                return null;
            }

            var made = new AlarmMute("mute_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)), until, rule, subject, reason, who);
            Save([.. kept, made], who);
            return made;
        }
    }

    public bool Unmute(string id, string who)
    {
        lock (_turn)
        {
            var rest = _mutes.Where(mute => mute.Id != id).ToArray();
            var found = rest.Length < _mutes.Length;
            if (found)
            {
                Save(rest, who);
            }

            return found;
        }
    }

    public bool IsMuted(AlarmRecord alarm)
    {
        ArgumentNullException.ThrowIfNull(alarm);
        var now = _time.GetUtcNow();
        return _mutes.Any(mute => mute.Covers(alarm.Rule, alarm.Subject, now));
    }

    /// <summary>What a link must bring to acknowledge an alarm: nobody can make it who was not sent it.</summary>
    public string LinkSignature(AlarmRecord alarm)
    {
        ArgumentNullException.ThrowIfNull(alarm);
        var text = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"acknowledge {alarm.Id} {alarm.RaisedAt.ToUnixTimeMilliseconds()}");
        return Convert.ToHexStringLower(HMACSHA256.HashData(_linkKey, Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }

    public bool IsSignature(AlarmRecord alarm, string? signature) =>
        signature is not null && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(LinkSignature(alarm)), Encoding.ASCII.GetBytes(signature));

    private void Save(AlarmMute[] mutes, string who)
    {
        _settings.Values.Set(MutesKey, JsonSerializer.Serialize(mutes, AlarmJson.Default.AlarmMuteArray), who);
        _mutes = mutes;
    }

    private byte[] LinkKey()
    {
        if (_settings.Values.Get(SecretKey) is { } text && JsonDocument.Parse(text).RootElement.TryGetProperty("secret", out var kept))
        {
            return Convert.FromBase64String(kept.GetString()!);
        }

        // As an object with a member of this name, so that the audit hides it.
        var key = RandomNumberGenerator.GetBytes(32);
        _settings.Values.Set(SecretKey, $$"""{"secret":"{{Convert.ToBase64String(key)}}"}""", "strowger");
        return key;
    }
}

[JsonSerializable(typeof(Dictionary<string, AlarmRule>))]
[JsonSerializable(typeof(AlarmMute[]))]
internal sealed partial class AlarmJson : JsonSerializerContext;
