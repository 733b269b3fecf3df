namespace Strowger.Features.Access;

/// <summary>What became of a name and a password.</summary>
public enum SignInOutcome
{
    Accepted,

    /// <summary>No such user, wrong password, kept out: it is not told which.</summary>
    Wrong,

    /// <summary>The password is right; the code of the app is missing.</summary>
    CodeNeeded,

    /// <summary>The password is right, the code is wrong, old or used.</summary>
    WrongCode,

    /// <summary>Too many wrong ones from this address or for this account, or too many at once.</summary>
    TooMany,
}

/// <param name="Outcome">What became of it.</param>
/// <param name="Session">When accepted.</param>
/// <param name="RetryAfter">When too many.</param>
public readonly record struct SignIn(SignInOutcome Outcome, ConsoleSession? Session = null, TimeSpan RetryAfter = default);
