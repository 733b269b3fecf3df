using System.Security.Cryptography;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Strowger.Features.Campaigns;
using Strowger.Server.Http.Problems;

namespace Strowger.Server.Http.Campaigns;

/// <summary>The two parts of a request for a campaign, in either order; the file goes to disk as it comes.</summary>
internal sealed class CampaignForm
{
    private const int MaxBoundary = 70;
    private const int MaxParts = 8;

    private CampaignForm()
    {
    }

    /// <summary>Part <c>campaign</c>, JSON.</summary>
    public ReadOnlyMemory<byte> Json { get; private set; }

    /// <summary>Part <c>file</c>; the caller keeps or drops it.</summary>
    public ReceivedFile? File { get; private set; }

    public Problem? Problem { get; private set; }

    /// <summary>What an Idempotency-Key stands for: both parts.</summary>
    public byte[] Content() => SHA256.HashData([.. File!.Hash.Span, .. Json.Span]);

    public static async Task<CampaignForm> ReadAsync(HttpContext context, CampaignFiles files, CancellationToken cancel)
    {
        var form = new CampaignForm();
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= MaxBoundary } boundary)
        {
            form.Problem = Problem.Of("unsupported_media_type", "Send multipart/form-data with two parts: 'campaign' (JSON) and 'file' (CSV).");
            return form;
        }

        try
        {
            var reader = new MultipartReader(boundary, context.Request.Body) { HeadersCountLimit = 16, HeadersLengthLimit = HttpLimits.MaxHeaderBytes };
            for (var parts = 0; form.Problem is null && await reader.ReadNextSectionAsync(cancel).ConfigureAwait(false) is { } section; parts++)
            {
                form.Problem = parts == MaxParts ? Problem.Of("bad_request", $"There are more than {MaxParts} parts; allowed are 'campaign' and 'file'.") : await form.TakeAsync(section, files, cancel).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is InvalidDataException || (error is IOException and not BadHttpRequestException && !context.RequestAborted.IsCancellationRequested))
        {
            form.Problem ??= Problem.Of("bad_request", $"The multipart body cannot be read: {error.Message}");
        }
        catch
        {
            form.Drop();
            throw;
        }

        form.Problem ??= form.Json.IsEmpty ? Missing("campaign", "the fields as JSON") : form.File is null ? Missing("file", "the CSV file") : null;
        return form;
    }

    public void Drop()
    {
        if (File is { } file)
        {
            CampaignFiles.Drop(file);
        }
    }

    private async Task<Problem?> TakeAsync(MultipartSection section, CampaignFiles files, CancellationToken cancel)
    {
        var name = section.GetContentDispositionHeader() is { } disposition ? HeaderUtilities.RemoveQuotes(disposition.Name).Value : null;
        switch (name)
        {
            case "campaign" when Json.IsEmpty:
                return await TakeJsonAsync(section.Body, cancel).ConfigureAwait(false);
            case "file" when File is null:
                var (file, error) = await files.ReceiveAsync(section.Body, cancel).ConfigureAwait(false);
                File = file;
                return error is null ? null : Problem.Of(error, error.Status == 503 ? TimeSpan.FromSeconds(30) : null);
            case "campaign" or "file":
                return Problem.Of("duplicate_field", $"The part '{name}' is there twice; allowed is once.", name);
            default:
                return Problem.Of("unknown_field", "There is a part of another name; allowed are 'campaign' and 'file'.");
        }
    }

    private async Task<Problem?> TakeJsonAsync(Stream body, CancellationToken cancel)
    {
        var buffer = new byte[HttpLimits.MaxBody + 1];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
        Json = buffer.AsMemory(0, length);
        return length > HttpLimits.MaxBody ? Problem.Of("body_too_large", $"The part 'campaign' is longer than {HttpLimits.MaxBody} octets.", "campaign") : null;
    }

    private static Problem Missing(string name, string what) => Problem.Of("missing_field", $"The part '{name}' is missing; it is {what}.", name);
}
