namespace Strowger.Records.Tests;

/// <summary>A clock that stands until it is moved.</summary>
internal sealed class TestTime : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    public long NowMs => Now.ToUnixTimeMilliseconds();

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>A directory of its own that goes with the test.</summary>
public sealed class TestDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("strowger-records-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
