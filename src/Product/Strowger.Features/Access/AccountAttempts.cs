using System.Runtime.InteropServices;

namespace Strowger.Features.Access;

/// <summary>
/// Holds back guesses at one account from many addresses. Slows down, never locks: whoever guesses must not be able to keep its owner
/// out for long, and a login link always works. Only accounts that exist are counted, so there are no more than users.
/// </summary>
internal sealed class AccountAttempts(TimeProvider time)
{
    private readonly Dictionary<string, TokenBucket> _buckets = [];
    private readonly Lock _lock = new();

    public bool MayTry(string account, out TimeSpan retryAfter)
    {
        lock (_lock)
        {
            retryAfter = TimeSpan.Zero;
            return !_buckets.TryGetValue(account, out var bucket) || bucket.Has(time, time.GetTimestamp(), out retryAfter);
        }
    }

    public void Failed(string account)
    {
        var now = time.GetTimestamp();
        lock (_lock)
        {
            ref var bucket = ref CollectionsMarshal.GetValueRefOrAddDefault(_buckets, account, out var known);
            bucket = known ? bucket : new TokenBucket(AccessLimits.FailuresPerAccountAndMinute / 60.0, AccessLimits.FailuresPerAccountAndMinute, now);
            bucket.TryTake(time, now, out _);
        }
    }

    public void Forget(string account)
    {
        lock (_lock)
        {
            _buckets.Remove(account);
        }
    }
}
