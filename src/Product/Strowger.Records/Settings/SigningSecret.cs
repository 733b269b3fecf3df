using System.Security.Cryptography;

namespace Strowger.Records.Settings;

/// <summary>A secret that posts are signed with, in the form of the Standard Webhooks specification: <c>whsec_</c> and the key in base64.</summary>
public static class SigningSecret
{
    public const string Prefix = "whsec_";

    /// <summary>The one before signs beside the new one for so long.</summary>
    public static readonly TimeSpan OldLife = TimeSpan.FromHours(24);

    /// <summary>The specification allows 24 to 64.</summary>
    private const int Bytes = 32;

    public static string New() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>The key in a secret.</summary>
    /// <exception cref="FormatException">It is not one of ours.</exception>
    public static byte[] KeyOf(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return secret.StartsWith(Prefix, StringComparison.Ordinal)
            ? Convert.FromBase64String(secret[Prefix.Length..])
            : throw new FormatException("A webhook's secret begins with whsec_.");
    }
}
