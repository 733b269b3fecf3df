using System.Net;
using Strowger.Records.Settings;

namespace Strowger.Features.Access;

/// <summary>People who sign in to the console by name, password and, if they chose so, a code of their authenticator app.</summary>
public sealed class Users(SettingsStore settings, ConsoleLogins logins, TimeProvider time, FailedAttempts failures) : IDisposable
{
    private readonly AccountAttempts _accounts = new(time);
    private readonly SemaphoreSlim _hashing = new(AccessLimits.MaxHashesAtOnce);
    private int _waiting;

    /// <summary>Iterations of new passwords; less only in tests.</summary>
    internal int Iterations { get; init; } = Passwords.Iterations;

    public IReadOnlyList<UserRecord> List() => settings.Users.List();

    public UserRecord? Find(string name) => settings.Users.Find(Normal(name));

    /// <summary>Checks a sign-in and begins a session.</summary>
    /// <param name="name">In any case.</param>
    /// <param name="password">As typed.</param>
    /// <param name="code">Of the app; null when none was given.</param>
    /// <param name="remote">The browser's address.</param>
    /// <param name="cancel">Of the request.</param>
    public async Task<SignIn> SignInAsync(string name, string password, string? code, IPAddress? remote, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(password);
        var user = name.Length <= Strowger.Records.RecordsLimits.MaxNameLength ? Find(name) : null;
        if (!failures.MayTry(remote, out var wait) || (user is not null && !_accounts.MayTry(user.Name, out wait)))
        {
            return new SignIn(SignInOutcome.TooMany, RetryAfter: wait);
        }

        if (await IsRightAsync(user, password, cancel).ConfigureAwait(false) is not { } isRight)
        {
            return new SignIn(SignInOutcome.TooMany, RetryAfter: TimeSpan.FromSeconds(5));
        }

        if (!isRight || user is null || user.IsOff)
        {
            Failed(user, remote);
            return new SignIn(SignInOutcome.Wrong);
        }

        long? step = null;
        if (!user.Totp.IsEmpty)
        {
            if (string.IsNullOrWhiteSpace(code))
            {
                return new SignIn(SignInOutcome.CodeNeeded);
            }

            step = Totp.Verify(user.Totp.Span, code, time.GetUtcNow(), user.TotpStep);
        }

        if ((!user.Totp.IsEmpty && step is null) || !settings.Users.SignedIn(user.Name, step))
        {
            Failed(user, remote);
            return new SignIn(SignInOutcome.WrongCode);
        }

        _accounts.Forget(user.Name);
        return new SignIn(SignInOutcome.Accepted, logins.Begin(user.Name, role: null));
    }

    /// <summary>What is wrong with a new user's name; null when nothing is.</summary>
    public static string? NameProblem(string name) =>
        Normal(name) is { Length: > 0 and <= 64 } plain && plain.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '@')
            ? null : "1 to 64 letters, digits, '.', '-', '_' or '@'";

    /// <summary>What is wrong with a new password; null when nothing is.</summary>
    public static string? PasswordProblem(string password, string name)
    {
        ArgumentNullException.ThrowIfNull(password);
        return password.Length is < AccessLimits.MinPasswordLength or > AccessLimits.MaxSecretLength ? "12 to 256 characters"
            : password.Contains(name, StringComparison.OrdinalIgnoreCase) || password.Distinct().Count() < 5 ? "harder to guess: not the name, not few letters again and again"
            : null;
    }

    /// <returns>False when the name is taken or there are too many.</returns>
    public async Task<bool> AddAsync(string name, Role role, string password, string who, CancellationToken cancel) =>
        settings.Users.Add(Normal(name), role.ToText(), await HashAsync(password, cancel).ConfigureAwait(false), who);

    public async Task<bool> SetPasswordAsync(string name, string password, string who, CancellationToken cancel) =>
        settings.Users.SetPassword(Normal(name), await HashAsync(password, cancel).ConfigureAwait(false), who);

    /// <summary>Whether it is the user's password; a wrong one counts as a failed sign-in.</summary>
    public async Task<bool> IsPasswordAsync(string name, string password, IPAddress? remote, CancellationToken cancel)
    {
        var user = Find(name);
        if (user is null || !failures.MayTry(remote, out _) || !_accounts.MayTry(user.Name, out _))
        {
            return false;
        }

        var isRight = await IsRightAsync(user, password, cancel).ConfigureAwait(false) == true;
        if (!isRight)
        {
            Failed(user, remote);
        }

        return isRight;
    }

    public bool SetRole(string name, Role role, string who) => settings.Users.SetRole(Normal(name), role.ToText(), who);

    public bool SetOff(string name, bool isOff, string who) => settings.Users.SetOff(Normal(name), isOff, who);

    public bool Remove(string name, string who) => settings.Users.Remove(Normal(name), who);

    /// <summary>Asks for codes of this secret from now on, when the code shows that the app has it.</summary>
    public bool TurnCodesOn(string name, byte[] secret, string code, string who) =>
        Totp.Verify(secret, code, time.GetUtcNow(), 0) is not null && settings.Users.SetTotp(Normal(name), secret, who);

    public bool TurnCodesOff(string name, string who) => settings.Users.SetTotp(Normal(name), null, who);

    public void Dispose() => _hashing.Dispose();

    private static string Normal(string name) => name.Trim().ToLowerInvariant();

    private void Failed(UserRecord? user, IPAddress? remote)
    {
        failures.Failed(remote);
        if (user is not null)
        {
            _accounts.Failed(user.Name);
        }
    }

    /// <returns>Null when too many wait.</returns>
    private async Task<bool?> IsRightAsync(UserRecord? user, string password, CancellationToken cancel)
    {
        if (password.Length > AccessLimits.MaxSecretLength)
        {
            return false;
        }

        if (Interlocked.Increment(ref _waiting) > AccessLimits.MaxHashesWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return null;
        }

        try
        {
            await _hashing.WaitAsync(cancel).ConfigureAwait(false);
            try
            {
                return await Task.Run(() => Passwords.Verify(user?.Password, password), cancel).ConfigureAwait(false);
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

    private Task<string> HashAsync(string password, CancellationToken cancel) => Task.Run(() => Passwords.Hash(password, Iterations), cancel);
}
