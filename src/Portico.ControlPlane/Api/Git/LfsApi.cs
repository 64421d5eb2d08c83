using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Sources;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Git;

/// <summary>The Git LFS API of hosted repositories, at the URL where git-lfs expects it by default.</summary>
/// <remarks>See https://github.com/git-lfs/git-lfs/blob/main/docs/api/README.md.</remarks>
internal static class LfsApi
{
    private const int MostObjects = 1000, LargestQuestion = 1 << 20;
    private const string Batch = "/objects/batch", Verify = "/verify";

    public static void MapLfs(this IEndpointRouteBuilder routes)
    {
        foreach (var root in GitApi.Roots)
        {
            var lfs = routes.MapGroup($"{root}/info/lfs").WithMetadata(new JsonMediaType(LfsJson.MediaType)).ExcludeFromDescription();
            lfs.MapPost(Batch, BatchAsync).Needs(Permission.ViewSecrets).IsNoChange();
            lfs.MapGet("/objects/{oid}", Get).Needs(Permission.ViewSecrets);
            // The push that refers to it is the change.
            lfs.MapPut("/objects/{oid}", PutAsync).Needs(Permission.Manage).IsNoChange();
            // One address for all: git-lfs notes in its user's configuration how it gets in at each.
            lfs.MapPost(Verify, VerifyAsync).Needs(Permission.Manage).IsNoChange();
            lfs.MapMethods("/locks", [HttpMethods.Get, HttpMethods.Post], RefuseLocks).Needs(Permission.ViewSecrets).IsNoChange();
            lfs.MapPost("/locks/verify", RefuseLocks).Needs(Permission.ViewSecrets).IsNoChange();
            lfs.MapPost("/locks/{lockId}/unlock", RefuseLocks).Needs(Permission.ViewSecrets).IsNoChange();
        }
    }

    private static async Task<JsonHttpResult<LfsBatchAnswer>> BatchAsync(
        string repository, Caller caller, HttpContext context, HostedRepositories hosted, LfsStore files, CancellationToken cancellationToken)
    {
        var batch = await ReadAsync(context, LfsJson.Default.LfsBatch, cancellationToken);
        var isUpload = IsUpload(batch);
        var directory = GitApi.Locate(caller, context, hosted, repository, isUpload ? Permission.Manage : Permission.ViewSecrets, orNew: isUpload);
        var root = $"{OwnAddress.Of(context.Request)}{context.Request.Path.ToUriComponent()[..^Batch.Length]}";
        if (isUpload)
        {
            await hosted.EnsureAsync(directory, cancellationToken);
            files.RequireRoom(batch.Objects.Where(file => file.Size > 0 && files.Find(directory, file.Oid, file.Size) is null).Sum(file => file.Size));
        }
        var answers = batch.Objects.Select(file => isUpload ? Upload(files, directory, file, root) : Download(files, directory, file, root)).ToList();
        return TypedResults.Json(new LfsBatchAnswer(answers) { Transfer = "basic", HashAlgo = "sha256" }, LfsJson.Default.LfsBatchAnswer, LfsJson.MediaType);
    }

    private static bool IsUpload(LfsBatch batch)
    {
        if (batch.Operation is not ("upload" or "download"))
            throw Refusal.Unprocessable("operation: must be 'upload' or 'download'.");
        if (batch.HashAlgo is { } algorithm and not "sha256")
            throw Refusal.Conflict($"hash_algo: '{algorithm}' is not supported; use sha256.");
        if (batch.Transfers is { Count: > 0 } transfers && !transfers.Contains("basic"))
            throw Refusal.Unprocessable("transfers: only 'basic' is supported.");
        if (batch.Objects.Count > MostObjects)
            throw Refusal.TooLarge($"objects: at most {MostObjects} can be requested at once.");
        return batch.Operation == "upload";
    }

    private static LfsObjectAnswer Upload(LfsStore files, string repository, LfsObject file, string root)
    {
        var answer = new LfsObjectAnswer(file.Oid, file.Size);
        if (Problem(files, file) is { } problem)
            return answer with { Error = new LfsError(StatusCodes.Status422UnprocessableEntity, problem) };
        if (files.Find(repository, file.Oid, file.Size) is { } known)
        {
            files.Touch(known);
            return answer;
        }
        return answer with { Actions = new LfsActions { Upload = new LfsAction($"{root}/objects/{file.Oid}"), Verify = new LfsAction($"{root}{Verify}") } };
    }

    private static string? Problem(LfsStore files, LfsObject file)
    {
        if (!LfsStore.IsOid(file.Oid) || file.Size < 0)
            return "oid must be 64 lowercase hexadecimal digits, and size must not be negative.";
        return files.TooLarge(file.Size);
    }

    private static LfsObjectAnswer Download(LfsStore files, string repository, LfsObject file, string root)
    {
        var answer = new LfsObjectAnswer(file.Oid, file.Size);
        return files.Find(repository, file.Oid, file.Size) is not null
            ? answer with { Actions = new LfsActions { Download = new LfsAction($"{root}/objects/{file.Oid}") } }
            : answer with { Error = new LfsError(StatusCodes.Status404NotFound, "This file has not been uploaded here. Upload it from a clone that has it (git lfs push --all REMOTE).") };
    }

    private static PhysicalFileHttpResult Get(
        string repository, string oid, Caller caller, HttpContext context, HostedRepositories hosted, LfsStore files)
    {
        var directory = GitApi.Locate(caller, context, hosted, repository, Permission.ViewSecrets, orNew: false);
        var file = files.Find(directory, oid) ?? throw Refusal.NotFound("file", oid);
        // A download that broke off is continued.
        return TypedResults.PhysicalFile(file, "application/octet-stream", enableRangeProcessing: true);
    }

    private static async Task<Ok> PutAsync(
        string repository, string oid, Caller caller, HttpContext context, HostedRepositories hosted, SourceStore store, LfsStore files, CancellationToken cancellationToken)
    {
        RequireOid(oid);
        var directory = GitApi.Locate(caller, context, hosted, repository, Permission.Manage, orNew: true);
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
        await hosted.EnsureAsync(directory, cancellationToken);
        await files.TakeAsync(directory, oid, context.Request.Body, context.Request.ContentLength, cancellationToken);
        store.ForgetWholes(directory);
        return TypedResults.Ok();
    }

    private static async Task<Ok> VerifyAsync(
        string repository, Caller caller, HttpContext context, HostedRepositories hosted, LfsStore files, CancellationToken cancellationToken)
    {
        var (oid, size) = await ReadAsync(context, LfsJson.Default.LfsObject, cancellationToken);
        RequireOid(oid);
        var directory = GitApi.Locate(caller, context, hosted, repository, Permission.Manage, orNew: false);
        if (files.Find(directory, oid) is null)
            throw Refusal.NotFound("file", oid);
        return files.Find(directory, oid, size) is not null ? TypedResults.Ok()
            : throw Refusal.Unprocessable($"The stored file {oid} does not have {size} bytes.");
    }

    /// <summary>Responds in the way that git-lfs takes for a server without locks, so that it stops asking.</summary>
    private static void RefuseLocks(string repository, Caller caller, HttpContext context, HostedRepositories hosted)
    {
        GitApi.Locate(caller, context, hosted, repository, Permission.ViewSecrets, orNew: false);
        throw new HttpRefusedException(StatusCodes.Status501NotImplemented, "Portico does not support Git LFS file locking.");
    }

    private static void RequireOid(string oid)
    {
        if (!LfsStore.IsOid(oid))
            throw Refusal.Unprocessable("oid: must be 64 lowercase hexadecimal digits.");
    }

    private static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, CancellationToken cancellationToken) where T : class
    {
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = LargestQuestion;
        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, type, cancellationToken) ?? throw Refusal.Unprocessable("The body must be a JSON object.");
        }
        catch (JsonException exception)
        {
            throw Refusal.Unprocessable(JsonProblem.Describe(exception));
        }
    }
}
