using BenchmarkDotNet.Attributes;
using Strowger.Engine.Journaling;

namespace Strowger.Benchmarks;

/// <summary>Appending to the journal: a thousand records in memory, with the kernel, and on the disk.</summary>
public class JournalBenchmarks
{
    private const int Records = 1000;
    private readonly byte[] _payload = new byte[150];
    private string _directory = "";
    private Journal? _journal;

    [GlobalSetup]
    public void Setup()
    {
        _directory = Directory.CreateTempSubdirectory("strowger-journal-").FullName;
        _journal = Journal.Open(new JournalOptions { Directory = _directory }, TimeProvider.System);
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _journal!.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Written, so that a kill loses nothing.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public void AppendAndWrite()
    {
        Append();
        _journal!.Write();
    }

    /// <summary>Synced, so that a power cut loses nothing.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public async Task AppendAndSyncAsync()
    {
        Append();
        await _journal!.WaitDurableAsync(_journal.End);
    }

    private void Append()
    {
        for (var i = 0; i < Records; i++)
        {
            _journal!.Append(1, _payload, 1_700_000_000_000);
        }
    }
}
