using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Strowger.Features.Messaging.Sending;

/// <summary>
/// The engine's unique key from the caller's Idempotency-Key: a caller's keys are its own, and line n of a batch is key#n. The
/// hash of the request tells a repeat from another request under the same key.
/// </summary>
public readonly struct IdempotencyKey
{
    /// <summary>Characters of a key at most, as at other APIs.</summary>
    public const int MaxLength = 255;

    private readonly byte[] _seed;

    private IdempotencyKey(byte[] seed) => _seed = seed;

    public bool IsNone => _seed is null;

    public static IdempotencyKey Of(string caller, string key) =>
        new(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(caller + "\n" + key)));

    /// <summary>The key of the whole request (line 0) or of a batch's line (from 1).</summary>
    public UInt128 For(long line)
    {
        if (_seed is null)
        {
            return default;
        }

        Span<byte> input = stackalloc byte[40];
        _seed.CopyTo(input);
        BinaryPrimitives.WriteInt64LittleEndian(input[32..], line);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(input, hash);
        var value = BinaryPrimitives.ReadUInt128LittleEndian(hash);
        return value == default ? UInt128.One : value;
    }

    public static ulong ContentOf(ReadOnlySpan<byte> request)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(request, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}
