namespace Strowger.Server.Tests;

/// <summary>Tests that measure what the process has in memory: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
