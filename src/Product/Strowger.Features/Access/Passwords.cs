using System.Globalization;
using System.Security.Cryptography;

namespace Strowger.Features.Access;

/// <summary>
/// Passwords as hashed: PBKDF2 (RFC 8018, 5.2) with HMAC-SHA-256 and 600,000 iterations, a salt of 16 octets each. The text
/// names its iterations, so that a later number does not lock anybody out.
/// </summary>
internal static class Passwords
{
    public const int Iterations = 600_000;

    private const string Algorithm = "pbkdf2-sha256";
    private const int SaltBytes = 16;
    private const int HashBytes = 32;
    private const int MaxIterations = 10_000_000;

    /// <summary>Of nobody: an unknown name takes as long as a wrong password.</summary>
    private static readonly string _nobody = ToText(Iterations, new byte[SaltBytes], new byte[HashBytes]);

    public static string Hash(string password, int iterations = Iterations)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return ToText(iterations, salt, Derive(password, salt, iterations));
    }

    /// <param name="hash">Null: nobody has it; takes the same time.</param>
    /// <param name="password">As given.</param>
    public static bool Verify(string? hash, string password)
    {
        if (!TryParse(hash ?? _nobody, out var iterations, out var salt, out var wanted))
        {
            return false;
        }

        return CryptographicOperations.FixedTimeEquals(Derive(password, salt, iterations), wanted) && hash is not null;
    }

    /// <summary>Whether a text is one that <see cref="Hash"/> makes.</summary>
    public static bool IsHash(string text) => TryParse(text, out _, out _, out _);

    private static bool TryParse(string hash, out int iterations, out byte[] salt, out byte[] wanted)
    {
        (iterations, salt, wanted) = (0, new byte[SaltBytes], new byte[HashBytes]);
        return hash.Split('$') is [Algorithm, var count, var saltText, var hashText]
            && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out iterations) && iterations is >= 1 and <= MaxIterations
            && Convert.TryFromBase64String(saltText, salt, out var saltLength) && saltLength == SaltBytes
            && Convert.TryFromBase64String(hashText, wanted, out var hashLength) && hashLength == HashBytes;
    }

    private static byte[] Derive(string password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, HashBytes);

    private static string ToText(int iterations, byte[] salt, byte[] hash) =>
        string.Create(CultureInfo.InvariantCulture, $"{Algorithm}${iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");
}
