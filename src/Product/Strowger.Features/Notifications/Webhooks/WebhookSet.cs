using System.Security.Cryptography;
using System.Text.Json;
using Strowger.Records.Settings;

namespace Strowger.Features.Notifications.Webhooks;

/// <summary>An address with what signs for it.</summary>
internal sealed record Endpoint(WebhookRecord Record, Uri Url, string Host, byte[] Key, byte[]? OldKey);

/// <summary>The addresses that are told of events, in memory, and the secret of those that are not registered. Changes are rare and wait for the disk.</summary>
public sealed class WebhookSet
{
    /// <summary>The setting that holds the server's own secret.</summary>
    private const string SecretSetting = "webhook-signing";

    private const string IdPrefix = "wh_";
    private const int IdBytes = 12;

    private readonly SettingsStore _settings;
    private readonly TimeProvider _time;
    private readonly Lock _change = new();
    private volatile Endpoint[] _endpoints = [];

    /// <summary>By type, since it is asked for with each event of each message; replaced as a whole.</summary>
    private volatile Dictionary<string, Endpoint[]> _byType = [];

    public WebhookSet(SettingsStore settings, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _time = time;
        ServerSecret = LoadServerSecret();
        ServerKey = SigningSecret.KeyOf(ServerSecret);
        Reload();
    }

    /// <summary>Signs posts to addresses of channels, and to callbacks of texts whose key has no secret of its own.</summary>
    public string ServerSecret { get; }

    internal byte[] ServerKey { get; }

    internal IReadOnlyList<Endpoint> Endpoints => _endpoints;

    /// <summary>Those that want events of a type.</summary>
    internal Endpoint[] Wanting(string type) => _byType.GetValueOrDefault(type) ?? [];

    public IReadOnlyList<WebhookRecord> List() => [.. _endpoints.Select(e => e.Record)];

    public WebhookRecord? Find(string id) => FindEndpoint(id)?.Record;

    /// <summary>Adds an address.</summary>
    /// <param name="url">Checked by <see cref="TryUrl"/>.</param>
    /// <param name="types">Of <see cref="EventTypes.IsPattern"/>.</param>
    /// <param name="description">For people.</param>
    /// <param name="who">For the audit.</param>
    /// <returns>With its secret; null when there are too many.</returns>
    public WebhookRecord? Add(string url, IReadOnlyList<string> types, string description, string who)
    {
        var record = new WebhookRecord(
            IdPrefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)),
            url, types, description, true, SigningSecret.New(), null, null, _time.GetUtcNow());
        lock (_change)
        {
            var added = _settings.Webhooks.Add(record, who);
            Reload();
            return added ? record : null;
        }
    }

    /// <returns>As it is now; null when there is none of that id.</returns>
    public WebhookRecord? Change(string id, Func<WebhookRecord, WebhookRecord> change, string who)
    {
        ArgumentNullException.ThrowIfNull(change);
        return Change(id, change, "webhook.change", who);
    }

    /// <summary>Makes a new secret; the one before signs beside it for a day, so that receivers can change over.</summary>
    public WebhookRecord? Rotate(string id, string who) => Change(
        id,
        old => old with { Secret = SigningSecret.New(), OldSecret = old.Secret, OldUntil = _time.GetUtcNow() + SigningSecret.OldLife },
        "webhook.rotate",
        who);

    public bool Remove(string id, string who)
    {
        lock (_change)
        {
            var removed = _settings.Webhooks.Remove(id, who);
            Reload();
            return removed;
        }
    }

    /// <summary>Whether a text is an address that can be posted to: http or https, without user and password.</summary>
    public static bool TryUrl(string? text, out Uri url)
    {
        var ok = Uri.TryCreate(text, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https"
            && parsed!.UserInfo.Length == 0 && parsed.Host.Length > 0 && System.Text.Encoding.UTF8.GetByteCount(text!) <= WebhookLimits.MaxUrl;
        url = parsed!;
        return ok;
    }

    /// <summary>A host's name with its port unless it is the usual one: what flows and health go by.</summary>
    internal static string HostOf(Uri url)
    {
        var host = url.IsDefaultPort ? url.IdnHost : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{url.IdnHost}:{url.Port}");
        return host.Length > Strowger.Engine.EngineLimits.MaxNameBytes ? host[..Strowger.Engine.EngineLimits.MaxNameBytes] : host;
    }

    internal Endpoint? FindEndpoint(string id) => Array.Find(_endpoints, e => e.Record.Id == id);

    private WebhookRecord? Change(string id, Func<WebhookRecord, WebhookRecord> change, string action, string who)
    {
        lock (_change)
        {
            if (Find(id) is not { } old)
            {
                return null;
            }

            var record = change(old);
            var done = _settings.Webhooks.Change(record, action, who);
            Reload();
            return done ? record : null;
        }
    }

    private void Reload()
    {
        var endpoints = _settings.Webhooks.List().Select(EndpointOf).ToArray();
        _byType = EventTypes.Known.ToDictionary(
            type => type, type => endpoints.Where(e => e.Record.Enabled && e.Record.Types.Any(pattern => EventTypes.Matches(pattern, type))).ToArray(), StringComparer.Ordinal);
        _endpoints = endpoints;
    }

    private static Endpoint EndpointOf(WebhookRecord record)
    {
        var url = new Uri(record.Url);
        return new Endpoint(record, url, HostOf(url), SigningSecret.KeyOf(record.Secret), record.OldSecret is null ? null : SigningSecret.KeyOf(record.OldSecret));
    }

    private string LoadServerSecret()
    {
        if (_settings.Values.Get(SecretSetting) is { } text && JsonDocument.Parse(text).RootElement.TryGetProperty("secret", out var kept))
        {
            return kept.GetString()!;
        }

        // As an object with a member of this name, so that the audit hides it.
        var made = SigningSecret.New();
        _settings.Values.Set(SecretSetting, $$"""{"secret":"{{made}}"}""", "strowger");
        return made;
    }
}
