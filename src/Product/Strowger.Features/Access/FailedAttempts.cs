using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Strowger.Features.Access;

/// <summary>Holds back an address that presents wrong secrets. IPv6 counts by /64, what one customer has to itself.</summary>
public sealed class FailedAttempts(TimeProvider time)
{
    private readonly Dictionary<Origin, TokenBucket> _buckets = [];
    private readonly Lock _lock = new();
    private TokenBucket _others = NewBucket(time.GetTimestamp());

    /// <summary>May this address try?</summary>
    /// <param name="remote">Null (the control socket) may always.</param>
    /// <param name="retryAfter">How long until it may.</param>
    public bool MayTry(IPAddress? remote, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        if (remote is null)
        {
            return true;
        }

        var now = time.GetTimestamp();
        lock (_lock)
        {
            ref var bucket = ref CollectionsMarshal.GetValueRefOrNullRef(_buckets, Origin.Of(remote));
            if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref bucket))
            {
                return _buckets.Count < AccessLimits.MaxAddresses || _others.Has(time, now, out retryAfter);
            }

            return bucket.Has(time, now, out retryAfter);
        }
    }

    /// <summary>Counts a wrong secret.</summary>
    public void Failed(IPAddress? remote)
    {
        if (remote is null)
        {
            return;
        }

        var now = time.GetTimestamp();
        lock (_lock)
        {
            var origin = Origin.Of(remote);
            if (_buckets.Count >= AccessLimits.MaxAddresses && !_buckets.ContainsKey(origin) && !Forget(now))
            {
                _others.TryTake(time, now, out _);
                return;
            }

            ref var bucket = ref CollectionsMarshal.GetValueRefOrAddDefault(_buckets, origin, out var known);
            bucket = known ? bucket : NewBucket(now);
            bucket.TryTake(time, now, out _);
        }
    }

    /// <summary>Drops the addresses that may try as often as a new one.</summary>
    private bool Forget(long now)
    {
        foreach (var (origin, bucket) in _buckets)
        {
            if (bucket.IsFull(time, now))
            {
                _buckets.Remove(origin);
            }
        }

        return _buckets.Count < AccessLimits.MaxAddresses;
    }

    private static TokenBucket NewBucket(long now) => new(AccessLimits.FailuresPerMinute / 60.0, AccessLimits.FailuresPerMinute, now);

    private readonly record struct Origin(AddressFamily Family, ulong Prefix)
    {
        public static Origin Of(IPAddress address)
        {
            Span<byte> bytes = stackalloc byte[16];
            bytes.Clear();
            var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            plain.TryWriteBytes(bytes, out _);
            return new Origin(plain.AddressFamily, BitConverter.ToUInt64(bytes));
        }
    }
}
