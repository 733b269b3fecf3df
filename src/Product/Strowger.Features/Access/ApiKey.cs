using Strowger.Records.Settings;

namespace Strowger.Features.Access;

/// <summary>A key that was presented and is right.</summary>
public sealed class ApiKey
{
    /// <summary>Id of the key from the environment and of the control socket, which are in no table.</summary>
    public const long Unstored = 0;

    private readonly Lock _lock = new();
    private TokenBucket _rate;
    private long _lastUsedMs;

    internal ApiKey(ApiKeyRecord record, long timestamp)
    {
        Record = record;
        Account = record.Id == Unstored ? string.Empty : record.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var perSecond = record.RatePerSecond ?? 0;
        _rate = new TokenBucket(perSecond, Math.Max(perSecond, 1), timestamp);
    }

    public ApiKeyRecord Record { get; }

    public long Id => Record.Id;

    public string Name => Record.Name;

    /// <summary>Kept with the texts it hands in: numbers are never given again, names may be. Empty of a key that is in no table.</summary>
    public string Account { get; }

    /// <summary>Whether it has a right such as <c>messages:write</c>.</summary>
    public bool May(string right)
    {
        foreach (var granted in Record.Rights)
        {
            if (granted == Rights.All || granted == right)
            {
                return true;
            }
        }

        return false;
    }

    internal bool IsExpired(DateTimeOffset now) => Record.ExpiresAt <= now;

    /// <summary>Takes one request from the key's rate; a second's worth may come at once.</summary>
    internal bool TryTake(TimeProvider time, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        if (Record.RatePerSecond is null)
        {
            return true;
        }

        lock (_lock)
        {
            return _rate.TryTake(time, time.GetTimestamp(), out wait);
        }
    }

    internal void Used(DateTimeOffset now) => Volatile.Write(ref _lastUsedMs, now.ToUnixTimeMilliseconds());

    /// <summary>The last use since the last call; null when there was none.</summary>
    internal DateTimeOffset? TakeLastUse() =>
        Interlocked.Exchange(ref _lastUsedMs, 0) is var ms and not 0 ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;
}
