using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Strowger.Features.Access;

/// <summary>Random secrets and their hashes. 256 random bits cannot be guessed, so a plain SHA-256 is right where a password would need a slow hash.</summary>
internal static class Secrets
{
    public const string KeyPrefix = "sk_";
    private const int Bytes = 256 / 8;

    /// <summary>Characters of a key shown in lists: the prefix and 6 more.</summary>
    private const int VisibleLength = 9;

    public static string New(string prefix = "")
    {
        Span<byte> random = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(random);
        return prefix + Base64Url.EncodeToString(random);
    }

    public static string Visible(string key) => key[..VisibleLength];

    /// <param name="secret">At most <see cref="AccessLimits.MaxSecretLength"/> characters.</param>
    /// <param name="hash">32 bytes.</param>
    public static void Hash(ReadOnlySpan<char> secret, Span<byte> hash)
    {
        Span<byte> utf8 = stackalloc byte[AccessLimits.MaxSecretLength * 3];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(secret, utf8)], hash);
    }

    public static byte[] Hash(string secret)
    {
        var hash = new byte[SHA256.HashSizeInBytes];
        Hash(secret, hash);
        return hash;
    }
}
