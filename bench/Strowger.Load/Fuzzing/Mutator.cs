namespace Strowger.Load.Fuzzing;

/// <summary>Makes hostile inputs out of good ones, or out of nothing.</summary>
internal sealed class Mutator(IReadOnlyList<byte[]> seeds, Random random)
{
    /// <summary>Above every reader's largest input: a line of a batch is at most 64 KiB.</summary>
    public const int MaxBytes = 80_000;

    private const int UsualBytes = 2048;
    private const int OneInIsHuge = 20_000;
    private static readonly byte[] _odd = [0x00, 0x01, 0x7F, 0x80, 0xFF, 0xFE, 0x1B, (byte)'"', (byte)'\\', (byte)'\n', (byte)'{', (byte)'[', (byte)':', (byte)' ', 0xED, 0xF4];

    public byte[] Buffer { get; } = new byte[MaxBytes];

    /// <returns>Octets of the next input in <see cref="Buffer"/>.</returns>
    public int Next()
    {
        if (random.Next(8) == 0)
        {
            var length = random.Next(200);
            random.NextBytes(Buffer.AsSpan(0, length));
            return length;
        }

        var seed = seeds[random.Next(seeds.Count)];
        seed.CopyTo(Buffer, 0);
        var at = seed.Length;
        for (var changes = random.Next(1, 7); changes > 0; changes--)
        {
            at = Change(at);
        }

        return random.Next(OneInIsHuge) == 0 ? Blow(at) : at;
    }

    private int Change(int length)
    {
        if (length == 0)
        {
            return Append(length);
        }

        var at = random.Next(length);
        switch (random.Next(8))
        {
            case 0:
                Buffer[at] ^= (byte)(1 << random.Next(8));
                return length;
            case 1:
                Buffer[at] = (byte)random.Next(256);
                return length;
            case 2:
                Buffer[at] = _odd[random.Next(_odd.Length)];
                return length;
            case 3:
                return at;
            case 4:
                return Append(length);
            case 5:
                return Repeat(at, length);
            case 6:
                return Cut(at, length);
            default:
                return Splice(at, length);
        }
    }

    private int Append(int length)
    {
        var count = Math.Min(random.Next(40), Math.Max(0, UsualBytes - length));
        random.NextBytes(Buffer.AsSpan(length, count));
        return length + count;
    }

    /// <summary>A piece of it comes twice.</summary>
    private int Repeat(int at, int length)
    {
        var count = Math.Min(Math.Min(random.Next(1, 64), length - at), Math.Max(0, UsualBytes - length));
        Buffer.AsSpan(at, length - at).CopyTo(Buffer.AsSpan(at + count));
        return length + count;
    }

    /// <summary>A piece of it is missing.</summary>
    private int Cut(int at, int length)
    {
        var count = Math.Min(random.Next(1, 32), length - at);
        Buffer.AsSpan(at + count, length - at - count).CopyTo(Buffer.AsSpan(at));
        return length - count;
    }

    /// <summary>From there on it is the end of another.</summary>
    private int Splice(int at, int length)
    {
        var other = seeds[random.Next(seeds.Count)];
        var from = other.AsSpan(random.Next(other.Length + 1));
        from.CopyTo(Buffer.AsSpan(at));
        return Math.Max(1, at + from.Length);
    }

    /// <summary>A piece of it comes until the buffer is nearly full.</summary>
    private int Blow(int length)
    {
        if (length == 0)
        {
            return 0;
        }

        var at = random.Next(length);
        var piece = Buffer.AsSpan(at, Math.Min(random.Next(1, 50), length - at)).ToArray();
        while (length + piece.Length < MaxBytes - 1000)
        {
            piece.CopyTo(Buffer, length);
            length += piece.Length;
        }

        return length;
    }
}
