using System.Net;
using System.Text.Json;
using Strowger.Engine;
using Strowger.Features.Messaging;

namespace Strowger.Server.Tests.Http;

public sealed class JobTests
{
    [Fact]
    public async Task A_job_is_put_in_taken_out_touched_and_done()
    {
        await using var server = await ServerFixture.StartAsync();
        var id = await PutAsync(server, """{"body":{"a":[1,"å"]},"flow":"f","priority":"urgent","max_attempts":3,"headers":{"x":"y"}}""");
        var waiting = await server.GetAsync($"/v1/jobs/{id}");
        Assert.Equal("ready", waiting.GetProperty("state").GetString());
        Assert.Equal("no_worker", waiting.GetProperty("waits_for").GetProperty("code").GetString());

        var job = Assert.Single(await LeaseAsync(server, """{"max":5,"lease_ms":60000}"""));
        Assert.Equal(id, job.GetProperty("id").GetString());
        Assert.Equal("""{"a":[1,"å"]}""", job.GetProperty("body").GetRawText());
        Assert.Equal("""{"x":"y"}""", job.GetProperty("headers").GetRawText());
        Assert.Equal(("f", "urgent", 1, 3), (job.GetProperty("flow").GetString(), job.GetProperty("priority").GetString(), job.GetProperty("attempt").GetInt32(), job.GetProperty("max_attempts").GetInt32()));
        var lease = job.GetProperty("lease").GetString();
        var touched = await server.CallAsync(HttpMethod.Post, $"/v1/jobs/{id}/touch", $$"""{"lease":"{{lease}}","lease_ms":120000,"progress":{"done":50} }""");
        Assert.True(touched.GetProperty("lease_until").GetDateTimeOffset() > job.GetProperty("lease_until").GetDateTimeOffset());
        var running = await server.GetAsync($"/v1/jobs/{id}");
        Assert.Equal(("leased", 50), (running.GetProperty("state").GetString(), running.GetProperty("progress").GetProperty("done").GetInt32()));
        Assert.Equal(touched.GetProperty("lease_until").GetString(), running.GetProperty("lease_until").GetString());
        Assert.Equal(JsonValueKind.Null, running.GetProperty("waits_for").ValueKind);

        var done = await server.CallAsync(HttpMethod.Post, $"/v1/jobs/{id}/ack", $$"""{"lease":"{{lease}}","result":{"pages":12} }""");
        Assert.Equal("done", done.GetProperty("state").GetString());
        var over = await server.GetAsync($"/v1/jobs/{id}");
        Assert.Equal(("done", 1, 12), (over.GetProperty("state").GetString(), over.GetProperty("attempts").GetInt32(), over.GetProperty("result").GetProperty("pages").GetInt32()));
        Assert.Equal("q", over.GetProperty("queue").GetString());
        Assert.NotEqual(JsonValueKind.Null, over.GetProperty("finished_at").ValueKind);

        // The answer was lost: the same is said again. Another outcome, or another lease, is not the same.
        Assert.Equal("done", (await server.CallAsync(HttpMethod.Post, $"/v1/jobs/{id}/ack", $$"""{"lease":"{{lease}}"}""")).GetProperty("state").GetString());
        await RefusedAsync(server, $"/v1/jobs/{id}/dead", lease!, "lease_lost");
        await RefusedAsync(server, $"/v1/jobs/{id}/ack", "lse_2", "lease_lost");
    }

    [Fact]
    public async Task A_job_comes_back_after_a_retry_and_is_dead_after_its_last()
    {
        await using var server = await ServerFixture.StartAsync();
        var id = await PutAsync(server, """{"body":null,"max_attempts":2}""");
        var first = (await LeaseAsync(server, "{}")).Single().GetProperty("lease").GetString()!;
        Assert.Equal("ready", (await server.CallAsync(HttpMethod.Post, $"/v1/jobs/{id}/retry", $$"""{"lease":"{{first}}","delay_ms":0,"error":"no paper"}""")).GetProperty("state").GetString());
        var waiting = await server.GetAsync($"/v1/jobs/{id}");
        Assert.Equal("no paper", waiting.GetProperty("error").GetProperty("detail").GetString());
        Assert.Equal("turn", waiting.GetProperty("waits_for").GetProperty("code").GetString());

        var again = (await LeaseAsync(server, "{}")).Single();
        Assert.Equal(2, again.GetProperty("attempt").GetInt32());
        await RefusedAsync(server, $"/v1/jobs/{id}/ack", first, "lease_lost");
        await RefusedAsync(server, $"/v1/jobs/{id}/touch", first, "lease_lost");
        await RefusedAsync(server, $"/v1/jobs/{id}/dead", "nonsense", "lease_lost");
        var dead = await server.CallAsync(HttpMethod.Post, $"/v1/jobs/{id}/retry", $$"""{"lease":"{{again.GetProperty("lease").GetString()}}"}""");
        Assert.Equal("dead", dead.GetProperty("state").GetString());
        Assert.Equal((1, 0), ((int)(await server.GetAsync("/v1/queues/q")).GetProperty("dead_total").GetInt64(), (await server.GetAsync("/v1/queues/q")).GetProperty("live").GetInt32()));

        var second = await PutAsync(server, """{"body":1}""");
        var lease = (await LeaseAsync(server, "{}")).Single().GetProperty("lease").GetString();
        await server.CallAsync(HttpMethod.Post, $"/v1/jobs/{second}/dead", $$"""{"lease":"{{lease}}","error":"never"}""");
        var error = (await server.GetAsync($"/v1/jobs/{second}")).GetProperty("error");
        Assert.Equal(("given_up", "never"), (error.GetProperty("code").GetString(), error.GetProperty("detail").GetString()));

        var page = await server.UntilAsync("/v1/queues/q/jobs?state=dead&limit=1", page => page.GetProperty("data").EnumerateArray().Any(j => j.GetProperty("id").GetString() == second));
        Assert.Equal("never", page.GetProperty("data")[0].GetProperty("error").GetProperty("detail").GetString());
        var rest = await server.GetAsync("/v1/queues/q/jobs?cursor=" + page.GetProperty("next_cursor").GetString());
        Assert.Equal((id, 2), (rest.GetProperty("data")[0].GetProperty("id").GetString(), rest.GetProperty("data")[0].GetProperty("attempts").GetInt32()));
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("next_cursor").ValueKind);
        await ServerFixture.ProblemAsync(await server.Client.GetAsync("/v1/queues/q/jobs?state=ready"), HttpStatusCode.UnprocessableEntity, "invalid_parameter", "state");
        await ServerFixture.ProblemAsync(await server.Client.GetAsync("/v1/queues/nobody/jobs"), HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Many_are_acknowledged_at_once_each_by_itself_and_a_repeat_counts_as_before()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.CallAsync(HttpMethod.Post, "/v1/queues/q/jobs", """[{"body":1},{"body":2},{"body":3,"max_attempts":1},{"body":4}]""", HttpStatusCode.Accepted);
        await PutAsync(server, """{"body":5}""", "other");
        var jobs = await LeaseAsync(server, """{"max":9}""");
        jobs.AddRange((await server.CallAsync(HttpMethod.Post, "/v1/queues/other/lease", "{}")).GetProperty("data").EnumerateArray());
        string Of(int i, string more = "") => $$"""{"id":"{{jobs[i].GetProperty("id").GetString()}}","lease":"{{jobs[i].GetProperty("lease").GetString()}}"{{more}}}""";
        var asked = $$"""
            {"jobs":[{{Of(0, ",\"result\":{\"n\":1}")}},{{Of(1, ",\"outcome\":\"retry\",\"delay_ms\":3600000,\"error\":\"no paper\"")}},{{Of(2, ",\"outcome\":\"retry\"")}},
            {{Of(3, ",\"outcome\":\"dead\",\"error\":\"never\"")}},{{Of(4)}},{"id":"{{jobs[0].GetProperty("id").GetString()}}","lease":"lse_7"},{"id":"job_00000000000zz","lease":"lse_1"},
            {"id":"nonsense","lease":"lse_1"},{"lease":"lse_1"},{{Of(0, ",\"outcome\":\"maybe\"")}},{{Of(0, ",\"error\":\"x\"")}},7]}
            """;
        for (var said = 0; said < 2; said++)
        {
            var answer = await server.CallAsync(HttpMethod.Post, "/v1/jobs/ack", asked);
            Assert.Equal((5, 7), (answer.GetProperty("accepted").GetInt32(), answer.GetProperty("rejected_count").GetInt32()));
            var each = answer.GetProperty("data").EnumerateArray().ToList();
            Assert.Equal(["done", "scheduled", "dead", "dead", "done"], each.Take(5).Select(one => one.GetProperty("state").GetString()));
            Assert.Equal(
                ["lease_lost", "not_found", "not_found", "missing_field", "invalid_value", "invalid_value", "wrong_type"],
                each.Skip(5).Select(one => one.GetProperty("error").GetProperty("code").GetString()));
            Assert.Equal("outcome", each[9].GetProperty("error").GetProperty("field").GetString());
        }

        Assert.Equal(1, (await server.GetAsync($"/v1/jobs/{jobs[0].GetProperty("id").GetString()}")).GetProperty("result").GetProperty("n").GetInt32());
        Assert.Equal("never", (await server.GetAsync($"/v1/jobs/{jobs[3].GetProperty("id").GetString()}")).GetProperty("error").GetProperty("detail").GetString());
        Assert.Equal((2, 2), ((int)(await server.GetAsync("/v1/queues/q")).GetProperty("dead_total").GetInt64(), (int)(await server.GetAsync("/v1/queues/q")).GetProperty("done_total").GetInt64() + 1));
        foreach (var wrong in new[] { "{}", """{"jobs":[]}""", """{"jobs":7}""", """{"jobs":[""" + string.Join(',', Enumerable.Repeat("{}", 1001)) + "]}" })
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await server.Client.PostAsync("/v1/jobs/ack", ServerFixture.Json(wrong))).StatusCode);
        }
    }

    [Fact]
    public async Task A_dead_job_is_put_back_once_and_names_what_it_became()
    {
        await using var server = await ServerFixture.StartAsync();
        var id = await PutAsync(server, """{"body":{"a":"å"},"flow":"f","priority":"urgent","max_attempts":1,"headers":{"x":"y"},"expires_in":3600}""");
        await server.ProblemAtAsync($"/v1/jobs/{id}/requeue", HttpStatusCode.Conflict, "not_possible_now");
        await DieAsync(server);
        var put = await server.CallAsync(HttpMethod.Post, $"/v1/jobs/{id}/requeue", "", HttpStatusCode.Accepted);
        var later = put.GetProperty("id").GetString();
        Assert.Equal(("ready", id, false), (put.GetProperty("state").GetString(), put.GetProperty("requeued_from").GetString(), put.GetProperty("duplicate").GetBoolean()));
        var again = await server.CallAsync(HttpMethod.Post, $"/v1/jobs/{id}/requeue", "", HttpStatusCode.Accepted);
        Assert.Equal((later, true), (again.GetProperty("id").GetString(), again.GetProperty("duplicate").GetBoolean()));

        var old = await server.GetAsync($"/v1/jobs/{id}");
        Assert.Equal(("dead", later), (old.GetProperty("state").GetString(), old.GetProperty("requeued_as").GetString()));
        var job = Assert.Single(await LeaseAsync(server, """{"max":9}"""));
        Assert.Equal((later, """{"a":"å"}""", """{"x":"y"}""", "f", "urgent", 1, 1), (job.GetProperty("id").GetString(), job.GetProperty("body").GetRawText(), job.GetProperty("headers").GetRawText(),
            job.GetProperty("flow").GetString(), job.GetProperty("priority").GetString(), job.GetProperty("attempt").GetInt32(), job.GetProperty("max_attempts").GetInt32()));
        Assert.NotEqual(JsonValueKind.Null, job.GetProperty("expires_at").ValueKind);
        await server.UntilAsync("/v1/queues/q/jobs", page => page.GetProperty("data").GetArrayLength() == 0);
        var entry = server.Settings.Audit.List().Single(e => e.Action == "job.requeue");
        Assert.Equal((id, later), (entry.Subject, entry.After));
        var events = (await server.GetAsync("/v1/events?limit=1000")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(["job.accepted", "job.leased", "job.dead", "job.requeued"], Types(events, id));
        Assert.Equal(0, server.Lists.Missing);
        await server.ProblemAtAsync("/v1/jobs/job_00000000000zz/requeue", HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task What_a_queue_has_given_up_is_put_back_the_oldest_first_by_a_filter_and_a_bound()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.CallAsync(HttpMethod.Post, "/v1/queues/q/jobs", """[{"body":1},{"body":2},{"body":3},{"body":4},{"body":5}]""", HttpStatusCode.Accepted);
        var jobs = await LeaseAsync(server, """{"max":9}""");
        string[] errors = ["no paper", "no ink", "No Paper, tray 2", "no paper", "no paper"];
        var dead = jobs.Select((job, i) => $$"""{"id":"{{job.GetProperty("id").GetString()}}","lease":"{{job.GetProperty("lease").GetString()}}","outcome":"dead","error":"{{errors[i]}}"}""");
        Assert.Equal(5, (await server.CallAsync(HttpMethod.Post, "/v1/jobs/ack", $$"""{"jobs":[{{string.Join(',', dead)}}]}""")).GetProperty("accepted").GetInt32());
        await server.UntilAsync("/v1/queues/q/jobs", page => page.GetProperty("data").GetArrayLength() == 5);

        var answer = await server.CallAsync(HttpMethod.Post, "/v1/queues/q/requeue", """{"max":2,"reason":"given_up","error":"no PAPER"}""", HttpStatusCode.Accepted);
        Assert.Equal((2, 2), (answer.GetProperty("requeued").GetInt32(), answer.GetProperty("left").GetInt32()));
        Assert.Equal(new[] { 0, 2 }.Select(i => jobs[i].GetProperty("id").GetString()), answer.GetProperty("jobs").EnumerateArray().Select(j => j.GetProperty("requeued_from").GetString()));
        Assert.Equal([1, 3], (await LeaseAsync(server, """{"max":9}""")).Select(job => job.GetProperty("body").GetInt32()));
        Assert.Equal(0, (await server.CallAsync(HttpMethod.Post, "/v1/queues/q/requeue", """{"died_before":"2020-01-01T00:00:00Z"}""", HttpStatusCode.Accepted)).GetProperty("requeued").GetInt32());

        // A full queue takes what fits; what is left is told, and asked for again.
        await server.CallAsync(HttpMethod.Patch, "/v1/queues/q", """{"bound":3}""");
        using var cut = await server.Client.PostAsync("/v1/queues/q/requeue", ServerFixture.Json(""));
        var one = await ServerFixture.ReadAsync(cut, HttpStatusCode.Accepted);
        Assert.Equal((1, 2), (one.GetProperty("requeued").GetInt32(), one.GetProperty("left").GetInt32()));
        Assert.NotNull(cut.Headers.RetryAfter);
        await server.ProblemAtAsync("/v1/queues/q/requeue", HttpStatusCode.TooManyRequests, "queue_full");
        Assert.Equal(["2", "1"], server.Settings.Audit.List().Where(e => e.Action == "queue.requeue").Select(e => e.After).Reverse());
        await server.ProblemAtAsync("/v1/queues/nobody/requeue", HttpStatusCode.NotFound, "not_found");
        await ServerFixture.ProblemAsync(await server.Client.PostAsync("/v1/queues/q/requeue", ServerFixture.Json("""{"max":1001}""")), HttpStatusCode.UnprocessableEntity, "out_of_range", "max");
        using var worker = await KeyAsync(server, "jobs:work");
        await ServerFixture.ProblemAsync(await worker.PostAsync("/v1/queues/q/requeue", ServerFixture.Json("")), HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task A_worker_that_waits_has_the_job_when_it_comes_and_others_wait_their_turn()
    {
        await using var server = await ServerFixture.StartAsync();
        var first = LeaseAsync(server, """{"wait_ms":30000}""");
        var second = LeaseAsync(server, """{"wait_ms":30000}""");
        await server.UntilAsync("/v1/queues/q", q => q.TryGetProperty("workers_waiting", out var n) && n.GetInt32() == 2, HttpStatusCode.OK);
        Assert.Empty(await LeaseAsync(server, """{"wait_ms":1}"""));
        await PutAsync(server, """{"body":1}""");
        await PutAsync(server, """{"body":2}""");
        var bodies = (await Task.WhenAll(first, second)).Select(jobs => jobs.Single().GetProperty("body").GetInt32());
        Assert.Equal([1, 2], bodies.Order());

        // At a stop nobody is left waiting.
        var third = LeaseAsync(server, """{"wait_ms":30000}""");
        await server.UntilAsync("/v1/queues/q", q => q.GetProperty("workers_waiting").GetInt32() == 1);
        var stopping = server.StopAsync();
        Assert.Empty(await third);
        await stopping;
    }

    [Fact]
    public async Task Width_rate_and_pause_of_a_queue_are_changed_and_kept()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.CallAsync(HttpMethod.Post, "/v1/queues/q/jobs", """[{"body":1},{"body":2,"flow":"a"},{"body":3,"flow":"a"}]""", HttpStatusCode.Accepted);
        var changed = await server.CallAsync(HttpMethod.Patch, "/v1/queues/q", """{"width":2,"flow_width":1,"max_attempts":7}""");
        Assert.Equal((2, 1, 7), (changed.GetProperty("width").GetInt32(), changed.GetProperty("flow_width").GetInt32(), changed.GetProperty("max_attempts").GetInt32()));
        var jobs = await LeaseAsync(server, """{"max":10}""");
        Assert.Equal(2, jobs.Count);
        Assert.Equal(7, jobs[0].GetProperty("max_attempts").GetInt32());
        await server.CallAsync(HttpMethod.Patch, "/v1/queues/q", """{"width":9}""");
        Assert.Empty(await LeaseAsync(server, """{"max":10}"""));
        await server.CallAsync(HttpMethod.Patch, "/v1/queues/q", """{"flow_width":0,"paused":true}""");
        Assert.Empty(await LeaseAsync(server, """{"max":10}"""));
        await server.CallAsync(HttpMethod.Patch, "/v1/queues/q", """{"paused":false,"rate":0.001}""");
        Assert.Single(await LeaseAsync(server, """{"max":10}"""));

        using var kept = new Features.Jobs.WorkQueues(server.Engine, server.Settings);
        Assert.Equal(new Features.Jobs.QueueSettings { Width = 9, Rate = 0.001, MaxAttempts = 7 }, kept.Find("q")!.Settings);
        server.Engine.RemoveStage(kept.Find("q")!.Stage);
    }

    [Fact]
    public async Task Many_jobs_come_as_lines_or_an_array_and_wrong_ones_hold_up_nobody()
    {
        await using var server = await ServerFixture.StartAsync();
        var answer = await ServerFixture.ReadAsync(await server.Client.PostAsync("/v1/queues/q/jobs", ServerFixture.Lines("{\"body\":1}\n\n{\"body\":2,\"priority\":\"high\"}\nnonsense\n{\"body_base64\":\"AAH/\"}\n")), HttpStatusCode.Accepted);
        Assert.Equal((2, 2), (answer.GetProperty("accepted").GetInt32(), answer.GetProperty("rejected_count").GetInt32()));
        Assert.Equal([1, 5], answer.GetProperty("jobs").EnumerateArray().Select(j => j.GetProperty("line").GetInt32()));
        Assert.Equal(["invalid_priority", "malformed_json"], answer.GetProperty("rejected").EnumerateArray().Select(j => j.GetProperty("code").GetString()));
        var jobs = await LeaseAsync(server, """{"max":10}""");
        Assert.Equal("AAH/", jobs[1].GetProperty("body_base64").GetString());
        Assert.False(jobs[1].TryGetProperty("body", out _));

        await server.CallAsync(HttpMethod.Patch, "/v1/queues/q", """{"bound":3}""");
        var cut = await server.CallAsync(HttpMethod.Post, "/v1/queues/q/jobs", """[{"body":1},{"body":2},{"x":3}]""", HttpStatusCode.Accepted);
        Assert.Equal((1, 2, 0), (cut.GetProperty("accepted").GetInt32(), cut.GetProperty("next_line").GetInt32(), cut.GetProperty("rejected_count").GetInt32()));
        await ServerFixture.ProblemAsync(await server.Client.PostAsync("/v1/queues/q/jobs", ServerFixture.Json("""{"body":1}""")), HttpStatusCode.TooManyRequests, "queue_full");
        var full = await ServerFixture.ProblemAsync(await server.Client.PostAsync("/v1/queues/q/jobs", ServerFixture.Json("""[{"body":1}]""")), HttpStatusCode.TooManyRequests, "queue_full");
        Assert.Equal(1, full.GetProperty("next_line").GetInt32());
    }

    [Fact]
    public async Task More_than_a_call_may_hold_is_told_and_a_large_one_is_taken()
    {
        await using var server = await ServerFixture.StartAsync();
        var lines = string.Concat(Enumerable.Repeat("{\"body\":\"" + new string('x', 300) + "\"}\n", Features.Jobs.JobLimits.MaxBatch + 1));
        var answer = await ServerFixture.ReadAsync(await server.Client.PostAsync("/v1/queues/q/jobs", ServerFixture.Lines(lines)), HttpStatusCode.Accepted);
        Assert.Equal((Features.Jobs.JobLimits.MaxBatch, Features.Jobs.JobLimits.MaxBatch + 1), (answer.GetProperty("accepted").GetInt32(), answer.GetProperty("next_line").GetInt32()));
        var tooLong = "{\"body\":\"" + new string('x', 70_000) + "\"}";
        await ServerFixture.ProblemAsync(await server.Client.PostAsync("/v1/queues/q/jobs", ServerFixture.Json(tooLong)), HttpStatusCode.RequestEntityTooLarge, "line_too_long");
    }

    [Fact]
    public async Task A_repeat_makes_no_second_job()
    {
        await using var server = await ServerFixture.StartAsync();
        var first = await PutAsync(server, """{"body":1,"unique_key":"k"}""");
        var second = await server.CallAsync(HttpMethod.Post, "/v1/queues/q/jobs", """{"body":2,"unique_key":"k"}""", HttpStatusCode.Accepted);
        Assert.Equal((first, true), (second.GetProperty("id").GetString(), second.GetProperty("duplicate").GetBoolean()));
        Assert.NotEqual(first, (await server.CallAsync(HttpMethod.Post, "/v1/queues/other/jobs", """{"body":2,"unique_key":"k"}""", HttpStatusCode.Accepted)).GetProperty("id").GetString());

        var one = await WithKeyAsync(server, "/v1/queues/q/jobs", """{"body":1}""");
        var two = await WithKeyAsync(server, "/v1/queues/q/jobs", """{"body":1}""");
        Assert.Equal("true", Assert.Single(two.Headers.GetValues("Idempotency-Replayed")));
        Assert.Equal((await ServerFixture.ReadAsync(one, HttpStatusCode.Accepted)).GetProperty("id").GetString(), (await ServerFixture.ReadAsync(two, HttpStatusCode.Accepted)).GetProperty("id").GetString());
        await ServerFixture.ProblemAsync(await WithKeyAsync(server, "/v1/queues/q/jobs", """{"body":2}"""), HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        await ServerFixture.ProblemAsync(await WithKeyAsync(server, "/v1/queues/q/jobs", """{"body":2,"unique_key":"z"}"""), HttpStatusCode.UnprocessableEntity, "invalid_value", "unique_key");

        // A text under the same key is another request.
        (await WithKeyAsync(server, "/v1/messages", ServerFixture.Message())).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task A_job_that_waits_is_taken_back_and_one_in_hand_is_not()
    {
        await using var server = await ServerFixture.StartAsync();
        var later = await PutAsync(server, """{"body":1,"delay_ms":3600000,"expires_in":7200}""");
        Assert.Equal("due", (await server.GetAsync($"/v1/jobs/{later}")).GetProperty("waits_for").GetProperty("code").GetString());
        var cancelled = await server.CallAsync(HttpMethod.Delete, $"/v1/jobs/{later}", null);
        Assert.Equal("cancelled", cancelled.GetProperty("state").GetString());
        var id = await PutAsync(server, """{"body":1}""");
        var lease = (await LeaseAsync(server, "{}")).Single().GetProperty("lease").GetString()!;
        await ServerFixture.ProblemAsync(await server.Client.DeleteAsync($"/v1/jobs/{id}"), HttpStatusCode.Conflict, "not_cancellable");
        await ServerFixture.ProblemAsync(await server.Client.DeleteAsync("/v1/jobs/job_00000000000zz"), HttpStatusCode.NotFound, "not_found");
        await RefusedAsync(server, $"/v1/jobs/{later}/ack", lease, "lease_lost");
    }

    [Theory]
    [InlineData("sms:default", HttpStatusCode.Conflict, "reserved_queue", null)]
    [InlineData("SMSx", HttpStatusCode.Conflict, "reserved_queue", null)]
    [InlineData("webhooks", HttpStatusCode.Conflict, "reserved_queue", null)]
    [InlineData("Mail", HttpStatusCode.Conflict, "reserved_queue", null)]
    [InlineData("a:b", HttpStatusCode.UnprocessableEntity, "invalid_value", "name")]
    [InlineData("-a", HttpStatusCode.UnprocessableEntity, "invalid_value", "name")]
    public async Task Names_of_others_and_wrong_ones_make_no_queue(string name, HttpStatusCode status, string code, string? field)
    {
        await using var server = await ServerFixture.StartAsync();
        await ServerFixture.ProblemAsync(await server.Client.PostAsync($"/v1/queues/{name}/jobs", ServerFixture.Json("""{"body":1}""")), status, code, field);
        await ServerFixture.ProblemAsync(await server.Client.PostAsync($"/v1/queues/{name}/lease", ServerFixture.Json("{}")), status, code, field);
    }

    [Theory]
    [InlineData("{}", "missing_field", "body")]
    [InlineData("""{"body":1,"body_base64":"AA=="}""", "invalid_value", "body")]
    [InlineData("""{"body_base64":"?"}""", "invalid_value", "body_base64")]
    [InlineData("""{"body":1,"delay_ms":1,"run_at":"2026-01-01T00:00:00Z"}""", "invalid_value", "run_at")]
    [InlineData("""{"body":1,"run_at":"tomorrow"}""", "invalid_time", "run_at")]
    [InlineData("""{"body":1,"delay_ms":-1}""", "out_of_range", "delay_ms")]
    [InlineData("""{"body":1,"delay_ms":2000,"expires_in":1}""", "invalid_value", "expires_in")]
    [InlineData("""{"body":1,"max_attempts":256}""", "out_of_range", "max_attempts")]
    [InlineData("""{"body":1,"flow":7}""", "wrong_type", "flow")]
    [InlineData("""{"body":1,"headers":{"a":1}}""", "wrong_type", "headers")]
    [InlineData("""{"body":1,"bdoy":1}""", "unknown_field", "bdoy")]
    public async Task Wrong_jobs_are_told_which_field(string job, string code, string field)
    {
        await using var server = await ServerFixture.StartAsync(withChannel: false);
        await ServerFixture.ProblemAsync(await server.Client.PostAsync("/v1/queues/q/jobs", ServerFixture.Json(job)), HttpStatusCode.UnprocessableEntity, code, field);
    }

    [Fact]
    public async Task Jobs_are_no_texts_wherever_one_looks_and_texts_are_no_jobs()
    {
        await using var server = await ServerFixture.StartAsync();
        var text = await server.AcceptAsync();
        var done = await PutAsync(server, """{"body":{"id":1}}""");
        var cancelled = await PutAsync(server, """{"body":2,"delay_ms":3600000}""");
        var expired = await PutAsync(server, """{"body":3,"expires_in":1}""", "nobody");

        // What looks like a hand-over to a carrier is a result here.
        var lease = (await LeaseAsync(server, "{}")).Single().GetProperty("lease").GetString();
        await server.CallAsync(HttpMethod.Delete, "/v1/jobs/" + cancelled, null);
        await server.CallAsync(HttpMethod.Post, $"/v1/jobs/{done}/ack", $$"""{"lease":"{{lease}}","result":"0123456789abcdef"}""");
        await server.UntilAsync("/v1/jobs/" + expired, job => job.GetProperty("state").GetString() == "expired");
        var waiting = await PutAsync(server, """{"body":4}""");

        await ServerFixture.ProblemAsync(await server.Client.DeleteAsync("/v1/messages/" + TextOf(waiting)), HttpStatusCode.NotFound, "not_found");
        Assert.Equal("ready", (await server.GetAsync("/v1/jobs/" + waiting)).GetProperty("state").GetString());
        await ServerFixture.ProblemAsync(await server.Client.GetAsync("/v1/messages/" + TextOf(done)), HttpStatusCode.NotFound, "not_found");
        await ServerFixture.ProblemAsync(await server.Client.GetAsync("/v1/jobs/job_" + text[4..]), HttpStatusCode.NotFound, "not_found");
        var last = await server.AcceptAsync();
        var list = await server.UntilAsync("/v1/messages", page => page.GetProperty("data").EnumerateArray().Count(m => m.GetProperty("status").GetString() == "sent") == 2);
        Assert.Equal([last, text], list.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()!));
        Assert.Equal(0, server.Lists.Missing);

        var events = await server.UntilAsync("/v1/events?limit=1000", page => page.GetProperty("data").EnumerateArray().Count(e => e.GetProperty("type").GetString() == "message.sent") == 2);
        var ofJobs = events.GetProperty("data").EnumerateArray().Where(e => !e.GetProperty("type").GetString()!.StartsWith("message.", StringComparison.Ordinal)).ToList();
        Assert.Equal(["job.accepted", "job.leased", "job.done"], Types(ofJobs, done));
        Assert.Equal(["job.scheduled", "job.cancelled"], Types(ofJobs, cancelled));
        Assert.Equal(["job.accepted", "job.expired"], Types(ofJobs, expired));
        Assert.All(ofJobs, e => Assert.Contains(e.GetProperty("data").GetProperty("queue").GetString(), (string[])["q", "nobody"]));
        Assert.Equal(8, ofJobs.Count);
    }

    [Fact]
    public async Task Each_right_opens_its_own_doors_only()
    {
        await using var server = await ServerFixture.StartAsync();
        using var puts = await KeyAsync(server, "jobs:write");
        using var works = await KeyAsync(server, "jobs:work");
        var body = ServerFixture.Json("""{"body":1}""");
        Assert.Equal(HttpStatusCode.Accepted, (await puts.PostAsync("/v1/queues/q/jobs", body)).StatusCode);
        await ServerFixture.ProblemAsync(await works.PostAsync("/v1/queues/q/jobs", ServerFixture.Json("{}")), HttpStatusCode.Forbidden, "forbidden");
        await ServerFixture.ProblemAsync(await puts.PostAsync("/v1/queues/q/lease", ServerFixture.Json("{}")), HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(HttpStatusCode.OK, (await works.PostAsync("/v1/queues/q/lease", ServerFixture.Json("{}"))).StatusCode);
        await ServerFixture.ProblemAsync(await works.GetAsync("/v1/jobs/job_0000000000001"), HttpStatusCode.Forbidden, "forbidden");
    }

    /// <summary>Whoever has the next job gives it up.</summary>
    private static async Task DieAsync(ServerFixture server)
    {
        var job = (await LeaseAsync(server, "{}")).Single();
        await server.CallAsync(HttpMethod.Post, $"/v1/jobs/{job.GetProperty("id").GetString()}/dead", $$"""{"lease":"{{job.GetProperty("lease").GetString()}}","error":"never"}""");
        await server.UntilAsync("/v1/queues/q/jobs", page => page.GetProperty("data").GetArrayLength() == 1);
    }

    private static string TextOf(string job) => "msg_" + job[4..];

    private static IEnumerable<string?> Types(IEnumerable<JsonElement> events, string subject) =>
        events.Where(e => e.GetProperty("subject").GetString() == subject).Select(e => e.GetProperty("type").GetString());

    private static async Task<string> PutAsync(ServerFixture server, string job, string queue = "q") =>
        (await server.CallAsync(HttpMethod.Post, $"/v1/queues/{queue}/jobs", job, HttpStatusCode.Accepted)).GetProperty("id").GetString()!;

    private static async Task<List<JsonElement>> LeaseAsync(ServerFixture server, string asked) =>
        [.. (await server.CallAsync(HttpMethod.Post, "/v1/queues/q/lease", asked)).GetProperty("data").EnumerateArray()];

    private static async Task RefusedAsync(ServerFixture server, string path, string lease, string code) =>
        await ServerFixture.ProblemAsync(await server.Client.PostAsync(path, ServerFixture.Json($$"""{"lease":"{{lease}}"}""")), HttpStatusCode.Conflict, code);

    private static async Task<HttpResponseMessage> WithKeyAsync(ServerFixture server, string path, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = ServerFixture.Json(json) };
        request.Headers.Add("Idempotency-Key", "key");
        return await server.Client.SendAsync(request);
    }

    private static async Task<HttpClient> KeyAsync(ServerFixture server, string right)
    {
        var key = await server.CallAsync(HttpMethod.Post, "/v1/keys", $$"""{"name":"{{right}}","rights":["{{right}}"]}""", HttpStatusCode.Created);
        return server.NewClient(key.GetProperty("secret").GetString());
    }
}
