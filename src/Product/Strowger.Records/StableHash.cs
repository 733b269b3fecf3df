using System.Text;

namespace Strowger.Records;

/// <summary>A 64-bit hash that is the same in every process and version: FNV-1a with a final mix. Collisions are checked by the caller.</summary>
internal static class StableHash
{
    public static long Of(string text)
    {
        Span<byte> stack = stackalloc byte[512];
        var length = Encoding.UTF8.GetMaxByteCount(text.Length);
        var bytes = length <= stack.Length ? stack : new byte[length];
        return Of(bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
    }

    public static long Of(ReadOnlySpan<byte> bytes)
    {
        var hash = 14695981039346656037UL;
        foreach (var octet in bytes)
        {
            hash = (hash ^ octet) * 1099511628211UL;
        }

        // The final mix of MurmurHash3: FNV alone leaves the upper bits of short texts alike.
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53UL;
        return (long)(hash ^ (hash >> 33));
    }
}
