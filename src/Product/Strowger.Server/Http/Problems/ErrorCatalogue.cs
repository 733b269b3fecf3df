using System.Collections.Frozen;

namespace Strowger.Server.Http.Problems;

/// <summary>An error that programs may branch on.</summary>
/// <param name="Code">Stable.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Title">The same for each occurrence (RFC 9457, 3.1.3).</param>
public sealed record ErrorCode(string Code, int Status, string Title)
{
    /// <summary>RFC 9457, 3.1.1: identifies the kind of problem; nothing is behind it.</summary>
    public string Type { get; } = "urn:strowger:error:" + Code;
}

/// <summary>All errors of the HTTP door, those of messages included.</summary>
public static class ErrorCatalogue
{
    public static IReadOnlyList<ErrorCode> All { get; } =
    [
        new("bad_request", 400, "The request is not HTTP as it should be."),
        new("malformed_json", 400, "The body is not valid JSON."),
        new("missing_key", 401, "An API key is needed."),
        new("wrong_key", 401, "The API key is not known."),
        new("expired_key", 401, "The API key's time is over."),
        new("forbidden", 403, "The API key may not do this."),
        new("not_found", 404, "There is no such thing."),
        new("method_not_allowed", 405, "This method does not go with this address."),
        new("request_timeout", 408, "The body came too slowly."),
        new("name_taken", 409, "There is one of that name already."),
        new("not_cancellable", 409, "It has left already."),
        new("not_possible_now", 409, "It is in a state that does not allow this."),
        new("in_progress", 409, "The first request with this Idempotency-Key is still in progress."),
        new("lease_lost", 409, "The lease is not the job's newest."),
        new("reserved_queue", 409, "The queue belongs to another part of the server."),
        new("too_many_queues", 409, "There are as many queues as may be."),
        new("events_gone", 410, "Events after this position are no longer kept."),
        new("body_too_large", 413, "The body is too large."),
        new("line_too_long", 413, "The message is too large."),
        new("unsupported_media_type", 415, "The body is of a kind that is not read here."),
        new("unknown_field", 422, "There is no such field."),
        new("duplicate_field", 422, "A field is there twice."),
        new("missing_field", 422, "A field is missing."),
        new("wrong_type", 422, "A value is of the wrong type."),
        new("invalid_value", 422, "A value is not allowed."),
        new("invalid_parameter", 422, "A parameter of the address is not allowed."),
        new("unknown_parameter", 422, "There is no such parameter."),
        new("invalid_cursor", 422, "The cursor is not one of ours."),
        new("invalid_number", 422, "A number is not E.164."),
        new("invalid_sender", 422, "The sender cannot be sent."),
        new("invalid_channel", 422, "Not a channel's name."),
        new("invalid_url", 422, "Not a URL that can be called."),
        new("invalid_priority", 422, "There is no such priority."),
        new("invalid_time", 422, "Not a time."),
        new("invalid_tlv", 422, "A TLV cannot be sent."),
        new("invalid_hex", 422, "Not octets in hex."),
        new("invalid_text", 422, "The text is not well-formed Unicode."),
        new("empty", 422, "There is nothing to send."),
        new("text_and_data", 422, "Both a text and data are there."),
        new("too_long", 422, "A value is too long."),
        new("out_of_range", 422, "A number is out of range."),
        new("unencodable_text", 422, "The text cannot be sent on this channel."),
        new("sender_limit", 422, "It takes more parts than its sender may send in a day."),
        new("unknown_channel", 422, "There is no such channel."),
        new("no_route", 422, "No channel serves this number."),
        new("invalid_csv", 422, "The file is no table that can be read."),
        new("missing_column", 422, "A column is missing in the file."),
        new("invalid_template", 422, "The text does not go with the file's columns."),
        new("nothing_to_send", 422, "No row of the file can be sent."),
        new("idempotency_key_reused", 422, "The Idempotency-Key was used with another body."),
        new("queue_full", 429, "The queue is full."),
        new("too_late", 429, "It would leave after it expires."),
        new("over_limit", 429, "More requests than the key's rate."),
        new("too_many_failures", 429, "Too many wrong keys from this address."),
        new("too_many_batches", 429, "Too many batches at once."),
        new("too_many_campaigns", 429, "Too many campaigns at once."),
        new("too_many_streams", 429, "Too many event streams at once."),
        new("too_many_backups", 429, "Too many backups at once."),
        new("too_many_polls", 429, "Too many calls wait for work."),
        new("internal", 500, "Something went wrong here."),
        new("starting", 503, "The server is starting."),
        new("stopping", 503, "The server is stopping."),
        new("storage_full", 503, "The disk is full."),
        new("storage_failed", 503, "The disk or a database cannot be used."),
    ];

    private static readonly FrozenDictionary<string, ErrorCode> _byCode = All.ToFrozenDictionary(error => error.Code, StringComparer.Ordinal);

    /// <summary>Null when the code is not in the catalogue.</summary>
    public static ErrorCode? Find(string code) => _byCode.GetValueOrDefault(code);

    /// <exception cref="ArgumentException">The code is not in the catalogue: a mistake in the program.</exception>
    public static ErrorCode Of(string code) => Find(code) ?? throw new ArgumentException($"'{code}' is not in the catalogue.", nameof(code));
}
