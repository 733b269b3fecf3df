namespace Strowger.Features.Access;

/// <summary>What a person may do in the console; each may what those before it may.</summary>
public enum Role
{
    /// <summary>Looks, and resends; changes nothing.</summary>
    Support,

    /// <summary>Changes what runs: channels, queues, campaigns.</summary>
    Operator,

    /// <summary>Changes who may: keys, users, and everything else.</summary>
    Admin,
}

/// <summary>The words in settings and forms.</summary>
public static class Roles
{
    public static IReadOnlyList<Role> All { get; } = [Role.Admin, Role.Operator, Role.Support];

    public static string ToText(this Role role) => role.ToString().ToLowerInvariant();

    /// <summary>A word nobody knows gives the least.</summary>
    public static Role Parse(string? text) => TryParse(text, out var role) ? role : Role.Support;

    public static bool TryParse(string? text, out Role role)
    {
        foreach (var known in All)
        {
            if (known.ToText() == text)
            {
                role = known;
                return true;
            }
        }

        role = Role.Support;
        return false;
    }
}
