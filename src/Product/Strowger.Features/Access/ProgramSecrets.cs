using System.Security.Cryptography;
using System.Text;

namespace Strowger.Features.Access;

/// <summary>
/// Checks passwords of programs that come again and again. Kept ones are hashed slowly, as those of people are: programs' are often eight
/// characters, and checking one takes a core some 0.2 s. What was seen to be right once is known from then on by a hash under a key of this
/// process, which takes a microsecond; so a program that binds a hundred times pays once. An unknown name takes as long as a wrong password
/// of somebody who was here before.
/// </summary>
public sealed class ProgramSecrets : IDisposable
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly byte[] _nobody = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);
    private readonly SemaphoreSlim _hashing = new(AccessLimits.MaxHashesAtOnce);
    private int _waiting;

    /// <summary>A password as it is kept. Takes a core some 0.2 s.</summary>
    public static Task<string> HashAsync(string secret, CancellationToken cancel) => Task.Run(() => Passwords.Hash(secret), cancel);

    /// <summary>Whether a text is a password as <see cref="HashAsync"/> makes it.</summary>
    public static bool IsHash(string text) => Passwords.IsHash(text);

    /// <param name="secret">In the clear; null when only the hash is known.</param>
    /// <param name="hash">As it is kept; null when only the clear one is known.</param>
    public ProgramSecret Of(string? secret, string? hash) => new(hash, secret is null ? null : Quick(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Whether it is this password; null when only <see cref="VerifyAsync"/> can tell.</summary>
    /// <param name="secret">Null: of nobody.</param>
    /// <param name="given">What is longer than any password may be is wrong.</param>
    public bool? IsRight(ProgramSecret? secret, ReadOnlySpan<byte> given)
    {
        Span<byte> quick = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var isPossible = given.Length <= AccessLimits.MaxSecretLength * 3;
        HMACSHA256.HashData(_key, isPossible ? given : default, quick);
        var known = secret?.Quick;
        var isRight = CryptographicOperations.FixedTimeEquals(quick, known ?? _nobody) && isPossible;
        return secret is not null && known is null && isPossible ? null : isRight;
    }

    /// <summary>Checks against the slow hash, one at a time.</summary>
    /// <returns>Null when too many wait.</returns>
    public async Task<bool?> VerifyAsync(ProgramSecret secret, byte[] given)
    {
        ArgumentNullException.ThrowIfNull(secret);
        if (Interlocked.Increment(ref _waiting) > AccessLimits.MaxHashesWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return null;
        }

        try
        {
            await _hashing.WaitAsync().ConfigureAwait(false);
            try
            {
                // Its other binds, which came at the same time, may have answered the question.
                return IsRight(secret, given) ?? await Task.Run(() => Learn(secret, given)).ConfigureAwait(false);
            }
            finally
            {
                _hashing.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Dispose() => _hashing.Dispose();

    private bool Learn(ProgramSecret secret, byte[] given)
    {
        if (!Passwords.Verify(secret.Hash, Encoding.UTF8.GetString(given)))
        {
            return false;
        }

        secret.Quick = Quick(given);
        return true;
    }

    private byte[] Quick(ReadOnlySpan<byte> secret) => HMACSHA256.HashData(_key, secret);
}
