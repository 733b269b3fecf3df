namespace Strowger.Features.Messaging;

/// <summary>Octets in hex, in UTF-8.</summary>
internal static class Hex
{
    /// <summary>Decodes; the destination may be the source. Null when a digit is odd or none.</summary>
    public static int? Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if ((source.Length & 1) != 0)
        {
            return null;
        }

        for (var i = 0; i < source.Length / 2; i++)
        {
            var high = Digit(source[2 * i]);
            var low = Digit(source[(2 * i) + 1]);
            if ((high | low) < 0)
            {
                return null;
            }

            destination[i] = (byte)((high << 4) | low);
        }

        return source.Length / 2;
    }

    public static int Digit(byte b) => b switch
    {
        >= (byte)'0' and <= (byte)'9' => b - '0',
        >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
        _ => -1,
    };
}
