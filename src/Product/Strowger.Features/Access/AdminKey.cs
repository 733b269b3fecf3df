namespace Strowger.Features.Access;

/// <summary>The key from the environment, with all rights for the life of the process: for scripts and containers.</summary>
public static class AdminKey
{
    public const string Variable = "STROWGER_ADMIN_KEY";

    /// <summary>Checks the variable's value.</summary>
    /// <returns>What is wrong with it, without the value itself; null when it may be used or is not set.</returns>
    public static string? Problem(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }

        if (value.Any(letter => letter is < '!' or > '~'))
        {
            return $"{Variable} has a blank or a character that is not printable ASCII; allowed are '!' to '~'.";
        }

        return value.Length is < AccessLimits.MinAdminKeyLength or > AccessLimits.MaxSecretLength
            ? $"{Variable} has {value.Length} characters; allowed are {AccessLimits.MinAdminKeyLength} to {AccessLimits.MaxSecretLength}."
            : null;
    }
}
