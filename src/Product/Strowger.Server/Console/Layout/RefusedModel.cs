namespace Strowger.Server.ConsolePage;

/// <summary>Why there is nothing to see.</summary>
public sealed record RefusedModel(string Title, string Why);

/// <summary>Who it is, is asked.</summary>
public sealed record SignInModel
{
    internal required Language T { get; init; }

    internal required ConsoleAssets Assets { get; init; }

    internal required string FormToken { get; init; }

    /// <summary>Without any user only a link opens the console.</summary>
    internal bool HasUsers { get; init; }

    internal string? Problem { get; init; }

    internal string? Name { get; init; }

    internal bool IsLink { get; init; }

    internal required string Next { get; init; }
}

/// <summary>Signed in by a link: on to the first page.</summary>
public sealed record EnteredModel
{
    internal EnteredModel(Language t, ConsoleAssets assets, string next) => (T, Assets, Next) = (t, assets, next);

    internal Language T { get; }

    internal ConsoleAssets Assets { get; }

    internal string Next { get; }
}
