namespace Strowger.Server.ConsolePage;

/// <summary>Why there is nothing to see.</summary>
public sealed record RefusedModel(string Title, string Why);

/// <summary>Who it is, is asked.</summary>
public sealed record SignInModel
{
    public required Language T { get; init; }

    public required ConsoleAssets Assets { get; init; }

    public required string FormToken { get; init; }

    /// <summary>Without any user only a link opens the console.</summary>
    public bool HasUsers { get; init; }

    public string? Problem { get; init; }

    public string? Name { get; init; }

    public bool IsLink { get; init; }

    public required string Next { get; init; }
}

/// <summary>Signed in by a link: on to the first page.</summary>
public sealed record EnteredModel
{
    internal EnteredModel(Language t, ConsoleAssets assets, string next) => (T, Assets, Next) = (t, assets, next);

    public Language T { get; }

    public ConsoleAssets Assets { get; }

    public string Next { get; }
}
