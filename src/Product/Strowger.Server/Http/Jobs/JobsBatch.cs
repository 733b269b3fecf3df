using System.IO.Pipelines;
using System.Buffers;
using Strowger.Engine;
using Strowger.Features.Jobs;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Sending;

namespace Strowger.Server.Http.Jobs;

/// <summary>Many jobs of one call: wrong ones are named and hold up nobody, the others are durable together.</summary>
internal sealed class JobsBatch(JobsService jobs, WorkQueue queue, IdempotencyKey key)
{
    private readonly JobBatch _batch = new();
    private readonly List<long> _lines = [];

    public WorkQueue Queue => queue;

    /// <summary>Lines accepted, with the job of each.</summary>
    public List<(long Line, JobId Id)> Accepted { get; } = [];

    public List<(long Line, JobProblem Problem)> Rejected { get; } = [];

    /// <summary>The line to go on from; 0 when all were read.</summary>
    public long NextLine { get; private set; }

    public EnqueueStatus Stopped { get; private set; }

    public static JobProblem? TwoKeys(JobRequest request, IdempotencyKey key) => key.IsNone || request.UniqueKey is null
        ? null
        : new JobProblem("invalid_value", "unique_key", "unique_key: it and an Idempotency-Key do not go together; either makes a repeat harmless.");

    public async Task TakeAsync(ReadOnlyMemory<byte> body)
    {
        var reader = new BatchLineReader(PipeReader.Create(new ReadOnlySequence<byte>(body)));
        while (NextLine == 0 && await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            TakeLines(reader);
        }

        if (_batch.Count == 0)
        {
            return;
        }

        var result = await jobs.EnqueueAsync(_batch).ConfigureAwait(false);
        for (var i = 0; i < result.Results.Count; i++)
        {
            if (result.Results[i].IsAccepted)
            {
                Accepted.Add((_lines[i], result.Results[i].Id));
            }
            else
            {
                var problem = EnqueueProblems.Of(result.Results[i].Status, queue.Name);
                Rejected.Add((_lines[i], new JobProblem(problem.Error.Code, null, problem.Detail)));
            }
        }

        if (result.Stopped != EnqueueStatus.Accepted)
        {
            Stopped = result.Stopped;
            NextLine = _lines[result.Results.Count];
            Rejected.RemoveAll(rejected => rejected.Line >= NextLine);
        }
    }

    private void TakeLines(BatchLineReader reader)
    {
        var now = jobs.NowMs;
        while (reader.TryNext(out var line))
        {
            if (_batch.Count + Rejected.Count >= JobLimits.MaxBatch)
            {
                NextLine = line.Number;
                return;
            }

            var json = line.Json;
            if (line.Problem != BatchProblem.None)
            {
                var error = RequestError.Of(line);
                Rejected.Add((line.Number, new JobProblem(error.Code, null, error.Detail)));
            }
            else if ((JobRequestParser.Parse(json.ToArray(), now, out var request) ?? TwoKeys(request, key)) is { } problem)
            {
                Rejected.Add((line.Number, problem));
            }
            else
            {
                _batch.Add(jobs.ToJob(queue, request, key.IsNone ? default : key.For(line.Number), key.IsNone ? 0 : IdempotencyKey.ContentOf(json)));
                _lines.Add(line.Number);
            }
        }
    }
}
