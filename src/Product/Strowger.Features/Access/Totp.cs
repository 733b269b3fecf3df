using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Strowger.Features.Access;

/// <summary>Time-based one-time passwords as authenticator apps make them: RFC 6238 with HMAC-SHA-1, 6 digits, steps of 30 s.</summary>
public static class Totp
{
    public const int Digits = 6;

    /// <summary>Octets of a secret: what RFC 4226, 4 (R6) recommends.</summary>
    public const int SecretBytes = 20;

    /// <summary>Steps a clock may be off to either side (RFC 6238, 5.2).</summary>
    private const int Drift = 1;

    private const int StepSeconds = 30;
    private const string Base32Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(SecretBytes);

    public static long StepOf(DateTimeOffset now) => now.ToUnixTimeSeconds() / StepSeconds;

    /// <summary>The code of a step (RFC 4226, 5.3).</summary>
    public static string Code(ReadOnlySpan<byte> secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
#pragma warning disable CA5350 // What the standard's apps compute; HMAC does not need collision resistance.
        HMACSHA1.HashData(secret, counter, mac);
#pragma warning restore CA5350
        var offset = mac[^1] & 0x0f;
        var number = (BinaryPrimitives.ReadUInt32BigEndian(mac[offset..]) & 0x7fffffff) % 1_000_000;
        return number.ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>Finds the step a code is of, near now and after the last one used.</summary>
    /// <returns>Null when it is of none.</returns>
    public static long? Verify(ReadOnlySpan<byte> secret, string code, DateTimeOffset now, long lastStep)
    {
        ArgumentNullException.ThrowIfNull(code);
        var given = Encoding.ASCII.GetBytes(code.Replace(" ", "", StringComparison.Ordinal));
        var present = StepOf(now);
        for (var step = present - Drift; step <= present + Drift; step++)
        {
            if (step > lastStep && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Code(secret, step)), given))
            {
                return step;
            }
        }

        return null;
    }

    /// <summary>RFC 4648, 6, without padding: as apps take a secret that is typed.</summary>
    public static string ToBase32(ReadOnlySpan<byte> octets)
    {
        var text = new StringBuilder();
        var bits = 0;
        var held = 0;
        foreach (var octet in octets)
        {
            held = (held << 8) | octet;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text.Append(Base32Alphabet[(held >> bits) & 31]);
            }

            held &= (1 << bits) - 1;
        }

        return bits > 0 ? text.Append(Base32Alphabet[(held << (5 - bits)) & 31]).ToString() : text.ToString();
    }

    /// <returns>Null when it is not base 32.</returns>
    public static byte[]? FromBase32(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var octets = new List<byte>();
        var bits = 0;
        var held = 0;
        foreach (var letter in text)
        {
            var value = Base32Alphabet.IndexOf(char.ToUpperInvariant(letter), StringComparison.Ordinal);
            if (value < 0)
            {
                return null;
            }

            held = (held << 5) | value;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                octets.Add((byte)(held >> bits));
                held &= (1 << bits) - 1;
            }
        }

        return [.. octets];
    }

    /// <summary>What apps read from a link or picture.</summary>
    public static string UriOf(ReadOnlySpan<byte> secret, string account) =>
        $"otpauth://totp/Strowger:{Uri.EscapeDataString(account)}?secret={ToBase32(secret)}&issuer=Strowger";
}
