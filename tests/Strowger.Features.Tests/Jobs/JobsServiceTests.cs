using System.Text;
using Strowger.Engine;
using Strowger.Features.Jobs;
using Strowger.Records.Settings;

namespace Strowger.Features.Tests.Jobs;

public sealed class JobsServiceTests : IAsyncDisposable
{
    private static readonly TimeSpan _life = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("strowger-jobs-");
    private readonly SettingsStore _settings;
    private JobEngine _engine = null!;
    private JobsService _jobs = null!;

    public JobsServiceTests()
    {
        _settings = SettingsStore.Open(_directory.FullName, TimeProvider.System);
        Open();
    }

    public async ValueTask DisposeAsync()
    {
        _jobs.Queues.Dispose();
        await _engine.DisposeAsync();
        _settings.Dispose();
        _directory.Delete(recursive: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_worker_goes_on_with_its_lease_after_the_server_was_killed(bool kill)
    {
        var held = await PutAsync("held");
        var waiting = await PutAsync("waiting");
        var lease = Assert.Single(await LeaseAsync(1));
        Assert.Null(_jobs.Touch(held, lease.Lease, _life, "\"half\""u8, out _));
        _jobs.Queues.Dispose();
        await (kill ? _engine.AbandonAsync() : _engine.DisposeAsync().AsTask());
        Open();

        // As at the server's start: nothing of it is an orphan.
        _engine.AdoptOrphans();
        Assert.Equal(("leased", "\"half\""), (_jobs.Find(held)!.State, Encoding.UTF8.GetString(_jobs.Find(held)!.Progress.Span)));
        Assert.Equal(waiting, Assert.Single(await LeaseAsync(10)).Id);
        Assert.Equal("lease_lost", (await SayAsync(held, "lse_77", Outcome.Done(), default))?.Code);
        Assert.Null(await SayAsync(held, lease.Lease, Outcome.Done(), "7"u8.ToArray()));
        _jobs.Queues.Dispose();
        await _engine.AbandonAsync();
        Open();
        Assert.Equal(("done", "7", 1), (_jobs.Find(held)!.State, Encoding.UTF8.GetString(_jobs.Find(held)!.Result.Span), _jobs.Find(held)!.Attempts));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_said_and_put_back_is_the_same_after_a_kill(bool checkpoint)
    {
        var (done, dead) = (await PutAsync("done"), await PutAsync("dead"));
        var leases = await LeaseAsync(2);
        Assert.Null(await SayAsync(done, leases[0].Lease, Outcome.Done(), "7"u8.ToArray()));
        Assert.Null(await SayAsync(dead, leases[1].Lease, Outcome.Permanent(JobCodes.GivenUp), "never"u8.ToArray()));
        var put = await _jobs.RequeueAsync(dead, CancellationToken.None);
        Assert.Equal((EnqueueStatus.Accepted, null), (put.Status, put.Problem));
        if (checkpoint)
        {
            _engine.Checkpoint();
        }

        _jobs.Queues.Dispose();
        await _engine.AbandonAsync();
        Open();
        Assert.Null(await SayAsync(done, leases[0].Lease, Outcome.Done(), default));
        Assert.Null(await SayAsync(dead, leases[1].Lease, Outcome.Permanent(JobCodes.GivenUp), default));
        Assert.Equal("lease_lost", (await SayAsync(dead, leases[1].Lease, Outcome.Done(), default))?.Code);
        Assert.Equal((put.As, EnqueueStatus.Repeated), ((await _jobs.RequeueAsync(dead, CancellationToken.None)).As, (await _jobs.RequeueAsync(dead, CancellationToken.None)).Status));
        Assert.Equal(("dead", put.As), (_jobs.Find(dead)!.State, _jobs.Find(dead)!.RequeuedAs));
        var again = Assert.Single(await LeaseAsync(10));
        Assert.Equal((put.As, 1, "dead"), (again.Id, again.Attempt, Encoding.UTF8.GetString(again.Body.Span).Trim('"')));
    }

    [Fact]
    public async Task A_worker_that_has_gone_while_it_waited_is_given_nothing()
    {
        await PutAsync("x");
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        Assert.Equal(0, _jobs.Queues.Open("q", out var queue)?.Code.Length ?? 0);
        Assert.Empty(await _jobs.LeaseAsync(queue, 1, _life, TimeSpan.Zero, gone.Token));
        Assert.Equal(1, Assert.Single(await LeaseAsync(1)).Attempt);
    }

    [Fact]
    public void There_are_as_many_queues_as_may_be()
    {
        for (var i = 0; i < JobLimits.MaxQueues; i++)
        {
            Assert.Null(_jobs.Queues.Open($"q{i}", out _));
        }

        Assert.Equal("too_many_queues", _jobs.Queues.Open("one-more", out _)?.Code);
        Assert.Null(_jobs.Queues.Open("q7", out _));
    }

    [Fact]
    public void An_envelope_is_read_as_it_was_written_and_no_other_headers_are()
    {
        var bytes = JobEnvelope.Write(isOctets: true, "queue", "flöde", "{\"a\":\"b\"}"u8);
        Assert.True(JobEnvelope.TryRead(bytes, out var envelope));
        Assert.True(envelope.IsOctets);
        Assert.Equal(("queue", "flöde", "{\"a\":\"b\"}"), (Encoding.UTF8.GetString(envelope.Queue), Encoding.UTF8.GetString(envelope.Flow), Encoding.UTF8.GetString(envelope.Headers)));
        for (var cut = 0; cut < bytes.Length - envelope.Headers.Length; cut++)
        {
            Assert.False(JobEnvelope.TryRead(bytes.AsSpan(0, cut), out _));
        }

        Assert.False(JobEnvelope.TryRead("{\"id\":\"in_1\"}"u8, out _));
        Assert.False(JobEnvelope.TryRead([2, .. bytes.AsSpan(1)], out _));
    }

    /// <summary>Version 1, as octets: what is on disk stays readable.</summary>
    [Fact]
    public void Version_1_of_the_envelope() =>
        Assert.Equal("0100017101667B7D", Convert.ToHexString(JobEnvelope.Write(isOctets: false, "q", "f", "{}"u8)));

    [Fact]
    public void Ids_are_read_as_they_are_written()
    {
        Assert.Equal("job_0000000000001", JobName.Of(new JobId(1)));
        Assert.True(JobName.TryParse(JobName.Of(new JobId(long.MaxValue)), out var most));
        Assert.Equal(long.MaxValue, most.Value);
        Assert.False(JobName.TryParse("job_0000000000000", out _));
        Assert.False(JobName.TryParse("job_zzzzzzzzzzzzz", out _));
        Assert.False(JobName.TryParse("msg_0000000000001", out _));
    }

    private async Task<JobProblem?> SayAsync(JobId id, string lease, Outcome outcome, ReadOnlyMemory<byte> data) =>
        (await _jobs.CompleteAsync([new JobReport(id, lease, outcome, data)], CancellationToken.None))[0];

    private void Open()
    {
        _engine = JobEngine.Open(new EngineOptions { Directory = _directory.FullName, SegmentBytes = 2 << 20 }, TimeProvider.System, new Random(1));
        _jobs = new JobsService(_engine, new WorkQueues(_engine, _settings));
    }

    private async Task<JobId> PutAsync(string body)
    {
        Assert.Null(_jobs.Queues.Open("q", out var queue));
        var result = await _jobs.EnqueueAsync(queue, new JobRequest { Body = Encoding.UTF8.GetBytes($"\"{body}\"") }, default, 0);
        Assert.Equal(EnqueueStatus.Accepted, result.Status);
        return result.Id;
    }

    private async Task<IReadOnlyList<LeasedJob>> LeaseAsync(int most)
    {
        Assert.Null(_jobs.Queues.Open("q", out var queue));
        return await _jobs.LeaseAsync(queue, most, _life, TimeSpan.Zero, CancellationToken.None);
    }
}
