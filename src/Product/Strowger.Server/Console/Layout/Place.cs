namespace Strowger.Server.ConsolePage;

/// <summary>One of the eight places of the console.</summary>
/// <param name="Key">Names it in code and its icon.</param>
/// <param name="Name">In English; the navigation translates it.</param>
/// <param name="Letter">After <c>g</c> goes there.</param>
/// <param name="Question">What it answers, for the palette and the help.</param>
internal sealed record Place(string Key, string Path, string Name, char Letter, string Question)
{
    public static IReadOnlyList<Place> All { get; } =
    [
        new("now", "/", "Now", 'n', "Is anyone waiting, why, until when?"),
        new("messages", "/messages", "Messages", 'm', "Where is this text, and whose fault is it?"),
        new("campaigns", "/campaigns", "Campaigns", 'c', "When is it done, should I stop it?"),
        new("channels", "/channels", "Channels", 'h', "Do we get what we pay for, and on which bind not?"),
        new("work", "/work", "Work", 'w', "What grows faster than it drains?"),
        new("problems", "/problems", "Problems", 'p', "What must a human do now, and who has it?"),
        new("settings", "/settings", "Settings", 's', "Who may do what, and who changed what?"),
        new("plan", "/plan", "Plan", 'l', "When would the last one have it, and what would it cost?"),
    ];
}
