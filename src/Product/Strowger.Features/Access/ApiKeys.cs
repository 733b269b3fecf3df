using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Strowger.Records.Settings;

namespace Strowger.Features.Access;

/// <summary>A key just made: the only time its secrets are seen.</summary>
public sealed record CreatedKey(ApiKeyRecord Record, string Secret);

/// <summary>
/// Makes, checks and removes API keys. All keys are in memory by the hash of their secret; checking one reads no disk and
/// takes the same time whether it is wrong early, late or unknown: the hash is made first, and hashes are compared whole.
/// </summary>
public sealed class ApiKeys
{
    private readonly SettingsStore _settings;
    private readonly TimeProvider _time;
    private readonly FailedAttempts _failures;
    private readonly ApiKeyRecord? _admin;
    private readonly ConcurrentDictionary<(IPAddress Remote, long Key), bool> _knownGood = [];
    private readonly Lock _change = new();

    /// <summary>By the first 8 bytes of the hash; replaced as a whole.</summary>
    private volatile Dictionary<ulong, ApiKey> _keys = [];

    /// <summary>By account; replaced as a whole.</summary>
    private volatile Dictionary<string, KeySigning> _signing = [];

    /// <param name="settings">Where keys are kept.</param>
    /// <param name="time">For expiry and rates.</param>
    /// <param name="failures">Shared with the console's login.</param>
    /// <param name="adminKey">The checked value of <c>STROWGER_ADMIN_KEY</c>, or null.</param>
    public ApiKeys(SettingsStore settings, TimeProvider time, FailedAttempts failures, string? adminKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(AdminKey.Problem(adminKey), null, nameof(adminKey));
        _settings = settings;
        _time = time;
        _failures = failures;
        _admin = string.IsNullOrEmpty(adminKey)
            ? null
            : new ApiKeyRecord(ApiKey.Unstored, "admin", Secrets.Hash(adminKey), "", [Rights.All], null, null, time.GetUtcNow(), null);
        Reload();
    }

    /// <summary>Makes a key.</summary>
    /// <param name="name">1 to 64 characters, unique.</param>
    /// <param name="rights">Of <see cref="Rights.Known"/>.</param>
    /// <param name="ratePerSecond">Requests a second, over 0; null is unlimited.</param>
    /// <param name="expiresAt">Null is never.</param>
    /// <param name="who">For the audit.</param>
    /// <returns>Null when the name is taken or there are too many keys.</returns>
    public CreatedKey? Create(string name, IReadOnlyList<string> rights, double? ratePerSecond, DateTimeOffset? expiresAt, string who)
    {
        var secret = Secrets.New(Secrets.KeyPrefix);
        var wanted = new ApiKeyRecord(
            0, name, Secrets.Hash(secret), Secrets.Visible(secret), rights, ratePerSecond, expiresAt, _time.GetUtcNow(), null)
        {
            Signing = new KeySigning(SigningSecret.New(), null, null),
        };
        lock (_change)
        {
            if (_settings.Keys.Add(wanted, who) is not { } record)
            {
                return null;
            }

            Reload();
            return new CreatedKey(record, secret);
        }
    }

    /// <returns>False when there is none of that name.</returns>
    public bool Remove(string name, string who)
    {
        lock (_change)
        {
            var removed = _settings.Keys.Remove(name, who) is not null;
            Reload();
            return removed;
        }
    }

    /// <summary>Makes a new secret for posts to the callbacks of a key's texts; what signed before goes on beside it for a day.</summary>
    /// <returns>The key as it is now; null when there is none of that name.</returns>
    public ApiKeyRecord? RotateSigning(string name, string who)
    {
        lock (_change)
        {
            var changed = _settings.Keys.SetSigning(name, key => KeySigning.After(key.Signing, _time.GetUtcNow()), who);
            Reload();
            return changed;
        }
    }

    /// <summary>What signs for an account (<see cref="ApiKey.Account"/>); null when there is no such key, or it has no secret.</summary>
    public KeySigning? SigningOf(string account) => _signing.GetValueOrDefault(account);

    public IReadOnlyList<ApiKeyRecord> List() => _settings.Keys.List();

    /// <summary>Checks a presented secret and takes one request from the key's rate.</summary>
    /// <param name="secret">What came after <c>Bearer</c>.</param>
    /// <param name="remote">The client's address; null when it came over the control socket.</param>
    public KeyCheck Verify(ReadOnlySpan<char> secret, IPAddress? remote)
    {
        var key = Find(secret);
        var known = key is not null && remote is not null && _knownGood.ContainsKey((remote, key.Id));
        if (!known && !_failures.MayTry(remote, out var wait))
        {
            return new KeyCheck(KeyOutcome.TooManyFailures, null, wait);
        }

        if (key is null)
        {
            _failures.Failed(remote);
            return new KeyCheck(KeyOutcome.Unknown, null, TimeSpan.Zero);
        }

        var now = _time.GetUtcNow();
        if (key.IsExpired(now))
        {
            return new KeyCheck(KeyOutcome.Expired, null, TimeSpan.Zero);
        }

        if (!known && remote is not null)
        {
            Know(remote, key);
        }

        key.Used(now);
        return key.TryTake(_time, out wait)
            ? new KeyCheck(KeyOutcome.Accepted, key, TimeSpan.Zero)
            : new KeyCheck(KeyOutcome.OverRate, key, wait);
    }

    /// <summary>Writes down when keys were last used; to be called once a minute and at stop.</summary>
    public void SaveLastUses()
    {
        var uses = new Dictionary<long, DateTimeOffset>();
        foreach (var key in _keys.Values)
        {
            if (key.TakeLastUse() is { } at && key.Id != ApiKey.Unstored)
            {
                uses[key.Id] = at;
            }
        }

        if (uses.Count > 0)
        {
            _settings.Keys.Touch(uses);
        }
    }

    private ApiKey? Find(ReadOnlySpan<char> secret)
    {
        if (secret.Length > AccessLimits.MaxSecretLength)
        {
            return null;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Secrets.Hash(secret, hash);
        return _keys.TryGetValue(Place(hash), out var key) && CryptographicOperations.FixedTimeEquals(hash, key.Record.Hash.Span) ? key : null;
    }

    private void Know(IPAddress remote, ApiKey key)
    {
        if (_knownGood.Count >= AccessLimits.MaxKnownGood)
        {
            _knownGood.Clear();
        }

        _knownGood[(remote, key.Id)] = true;
    }

    private void Reload()
    {
        var now = _time.GetTimestamp();
        var old = _keys;
        var keys = new Dictionary<ulong, ApiKey>();
        var signing = new Dictionary<string, KeySigning>(StringComparer.Ordinal);
        foreach (var record in _admin is null ? _settings.Keys.List() : [.. _settings.Keys.List(), _admin])
        {
            var place = Place(record.Hash.Span);

            // A key that stays keeps its bucket and its last use.
            var key = keys[place] = old.TryGetValue(place, out var same) ? same : new ApiKey(record, now);
            if (record.Signing is not null)
            {
                signing[key.Account] = record.Signing;
            }
        }

        _keys = keys;
        _signing = signing;
    }

    private static ulong Place(ReadOnlySpan<byte> hash) => BinaryPrimitives.ReadUInt64LittleEndian(hash);
}
