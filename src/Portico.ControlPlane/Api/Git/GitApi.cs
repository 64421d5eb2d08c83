using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Git;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Sources;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Git;

/// <summary>Git's smart HTTP protocol: <c>/git/NAME.git</c>, or <c>/git/WORKSPACE/NAME.git</c> for members of several workspaces.</summary>
/// <remarks>See https://git-scm.com/docs/http-protocol.</remarks>
internal static class GitApi
{
    private const string Upload = "git-upload-pack", Receive = "git-receive-pack";

    /// <summary>The route patterns. The second one is for members of several workspaces.</summary>
    public static readonly string[] Roots = ["/git/{repository}.git", "/git/{ownerId}/{repository}.git"];

    public static void MapGit(this IEndpointRouteBuilder routes)
    {
        foreach (var root in Roots)
        {
            var git = routes.MapGroup(root).WithMetadata(new PlainTextErrors()).ExcludeFromDescription();
            git.MapGet("/info/refs", AdvertiseAsync).Needs(Permission.ViewSecrets);
            git.MapPost($"/{Upload}", UploadAsync).Needs(Permission.ViewSecrets).IsNoChange();
            git.MapPost($"/{Receive}", ReceiveAsync).Needs(Permission.Manage).IsAudited("GitPushEvent");
        }
    }

    private static async Task AdvertiseAsync(
        string repository, string? service, Caller caller, HttpContext context, HostedRepositories hosted, SourceStore store, CancellationToken cancellationToken)
    {
        if (service is not (Upload or Receive))
            throw Refusal.Invalid($"service: must be {Upload} or {Receive}. Use Git 1.6.6 or newer.");
        var push = service == Receive;
        var directory = Locate(caller, context, hosted, repository, push ? Permission.Manage : Permission.ViewSecrets, orNew: push);
        if (push)
            await hosted.EnsureAsync(directory, cancellationToken);
        var version = push ? null : VersionIn(context.Request);
        using var git = GitCommand.Start(
            store.GitOf(directory), ["-c", "transfer.hideRefs=refs/portico", "-c", "receive.advertisePushOptions=false", service[4..], "--http-backend-info-refs", store.PathOf(directory)], version: version);
        git.StandardInput.Close();
        Begin(context.Response, $"application/x-{service}-advertisement");
        if (version?.Contains("version=2", StringComparison.Ordinal) != true)
            await context.Response.Body.WriteAsync(Announce(service), cancellationToken);
        await git.StandardOutput.BaseStream.CopyToAsync(context.Response.Body, cancellationToken);
    }

    private static async Task UploadAsync(
        string repository, Caller caller, HttpContext context, HostedRepositories hosted, SourceStore store, CancellationToken cancellationToken)
    {
        RequireType(context.Request, Upload);
        var path = store.GitOf(Locate(caller, context, hosted, repository, Permission.ViewSecrets, orNew: false));
        using var git = GitCommand.Start(
            path, ["-c", "transfer.hideRefs=refs/portico", "upload-pack", "--stateless-rpc", path.Path], version: VersionIn(context.Request));
        Begin(context.Response, $"application/x-{Upload}-result");
        try
        {
            await BodyOf(context).CopyToAsync(git.StandardInput.BaseStream, cancellationToken);
            git.StandardInput.Close();
            await git.StandardOutput.BaseStream.CopyToAsync(context.Response.Body, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidDataException)
        {
            // The client is gone, or Git has said all that it wanted to.
            git.Kill(entireProcessTree: true);
            context.Abort();
        }
    }

    private static async Task ReceiveAsync(
        string repository, Caller caller, HttpContext context, HostedRepositories hosted, ReceivePack receive, Pushes pushes,
        PushProgress progress, CancellationToken cancellationToken)
    {
        RequireType(context.Request, Receive);
        var directory = Locate(caller, context, hosted, repository, Permission.Manage, orNew: true);
        await hosted.EnsureAsync(directory, cancellationToken);
        var body = BodyOf(context);
        var commands = await ReadCommandsAsync(body, cancellationToken);
        Begin(context.Response, $"application/x-{Receive}-result");
        var rows = await pushes.BeginAsync(caller, SourceStore.WorkspaceOf(directory), directory, hosted.UrlOf(repository), commands.Updates, cancellationToken);
        FollowOutcome outcome;
        try
        {
            await receive.RunAsync(directory, commands, body, context.Response, cancellationToken);
        }
        finally
        {
            outcome = await pushes.FinishAsync(rows, caller);
        }
        if (commands.HasSideBand)
            await progress.ShowAsync(new SideBand(context.Response.Body), outcome, cancellationToken);
    }

    private static async Task<PushCommands> ReadCommandsAsync(Stream body, CancellationToken cancellationToken)
    {
        try
        {
            return await PushCommands.ReadAsync(body, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw Refusal.Invalid($"This is not a valid push: {exception.Message}");
        }
    }

    /// <summary>Returns the directory of the repository that the caller means by a name.</summary>
    internal static string Locate(Caller caller, HttpContext context, HostedRepositories hosted, string name, Permission needed, bool orNew) =>
        SourceStore.HostedOf(hosted.RequireWorkspace(caller, name, context.GetRouteValue("ownerId") as string, needed, orNew), name);

    /// <summary>Returns the decoded body without a size limit, because Git enforces its own.</summary>
    private static Stream BodyOf(HttpContext context)
    {
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
        return context.Request.Headers.ContentEncoding.ToString() switch
        {
            "" or "identity" => context.Request.Body,
            "gzip" or "x-gzip" => new GZipStream(context.Request.Body, CompressionMode.Decompress),
            var other => throw new HttpRefusedException(StatusCodes.Status415UnsupportedMediaType, $"Content-Encoding: '{other}' is not supported; use gzip or no encoding."),
        };
    }

    private static void RequireType(HttpRequest request, string service)
    {
        if (request.ContentType != $"application/x-{service}-request")
            throw new HttpRefusedException(StatusCodes.Status415UnsupportedMediaType, $"Content-Type: must be application/x-{service}-request.");
    }

    /// <summary>Passes the client's protocol version on to Git if it is well-formed.</summary>
    private static string? VersionIn(HttpRequest request)
    {
        var given = request.Headers["Git-Protocol"].ToString();
        return given.Length is > 0 and <= 100 && given.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '=' or ':') ? given : null;
    }

    private static byte[] Announce(string service)
    {
        var line = $"# service={service}\n";
        var length = (PacketReader.LengthBytes + line.Length).ToString("x4", CultureInfo.InvariantCulture);
        return Encoding.ASCII.GetBytes($"{length}{line}0000");
    }

    private static void Begin(HttpResponse response, string type)
    {
        response.ContentType = type;
        response.Headers.CacheControl = "no-cache, max-age=0, must-revalidate";
    }
}
