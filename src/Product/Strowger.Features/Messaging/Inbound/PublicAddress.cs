using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Strowger.Features.Messaging.Inbound;

/// <summary>
/// Whether an address is one of the public Internet (IANA special-purpose address registries, RFC 6890): what a URL given by a
/// user may lead to, so that nobody reaches our own network through us.
/// </summary>
public static class PublicAddress
{
    /// <summary>Address and length of each block that is not public.</summary>
    private static readonly (uint Base, int Length)[] _blocked =
    [
        (0x00000000, 8),    // 0.0.0.0/8, this network
        (0x0A000000, 8),    // 10.0.0.0/8
        (0x64400000, 10),   // 100.64.0.0/10, carriers' NAT
        (0x7F000000, 8),    // 127.0.0.0/8, loopback
        (0xA9FE0000, 16),   // 169.254.0.0/16, link-local; clouds' metadata
        (0xAC100000, 12),   // 172.16.0.0/12
        (0xC0000000, 24),   // 192.0.0.0/24
        (0xC0000200, 24),   // 192.0.2.0/24, documentation
        (0xC0586300, 24),   // 192.88.99.0/24, 6to4 relays
        (0xC0A80000, 16),   // 192.168.0.0/16
        (0xC6120000, 15),   // 198.18.0.0/15, benchmarks
        (0xC6336400, 24),   // 198.51.100.0/24, documentation
        (0xCB007100, 24),   // 203.0.113.0/24, documentation
        (0xE0000000, 3),    // 224.0.0.0/4 multicast, 240.0.0.0/4 reserved and broadcast
    ];

    public static bool Is(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> octets = stackalloc byte[16];
        if (!address.TryWriteBytes(octets, out _))
        {
            return false;
        }

        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return IsPublic4(octets);
        }

        return address.IsIPv4MappedToIPv6 ? IsPublic4(octets[12..]) : IsPublic6(octets);
    }

    private static bool IsPublic4(ReadOnlySpan<byte> octets)
    {
        var value = BinaryPrimitives.ReadUInt32BigEndian(octets);
        foreach (var (block, length) in _blocked)
        {
            if ((value ^ block) >> (32 - length) == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Global unicast is 2000::/3 so far; addresses that carry another are judged by that one.</summary>
    private static bool IsPublic6(ReadOnlySpan<byte> octets)
    {
        var high = BinaryPrimitives.ReadUInt64BigEndian(octets);
        var low = BinaryPrimitives.ReadUInt64BigEndian(octets[8..]);
        if (high == 0x0064FF9B00000000 && low >> 32 == 0)
        {
            // 64:ff9b::/96, NAT64 (RFC 6052).
            return IsPublic4(octets[12..]);
        }

        if (high >> 48 == 0x2002)
        {
            // 6to4 (RFC 3056).
            return IsPublic4(octets[2..]);
        }

        return high >> 61 == 0b001
            && high >> 41 != 0x20010000 >> 9    // 2001::/23: Teredo, ORCHID, benchmarks and other protocol assignments
            && high >> 32 != 0x20010DB8         // documentation
            && high >> 44 != 0x3FFF0;           // 3fff::/20, documentation
    }
}
