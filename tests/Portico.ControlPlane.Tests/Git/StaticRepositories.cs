using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Portico.ControlPlane.Sources;

namespace Portico.ControlPlane.Tests.Git;

/// <summary>Bare repositories as nothing but files on a web server: Git's "dumb" protocol.</summary>
internal sealed class StaticRepositories : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("portico-dumb-").FullName;
    private readonly WebApplication _app;

    private StaticRepositories()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>Without a slash at its end.</summary>
    public string Url => _app.Urls.Single();

    /// <summary>When set, what a request has to say of who sends it.</summary>
    public string? Authorization { get; set; }

    public static async Task<StaticRepositories> StartAsync(CancellationToken cancellationToken)
    {
        var server = new StaticRepositories();
        await server._app.StartAsync(cancellationToken);
        return server;
    }

    /// <summary>Shows what somebody has committed at <c>/NAME.git</c>.</summary>
    /// <param name="commit">That has to be there.</param>
    public async Task ShowAsync(PushingUser user, string name, string commit, CancellationToken cancellationToken)
    {
        var path = Path.Combine(_root, $"{name}.git");
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        user.Run("clone", "--quiet", "--bare", "--no-local", user.Directory_, path);
        await GitCommand.RunAsync(new GitRepository(path), ["cat-file", "-e", commit], cancellationToken);
        await GitCommand.RunAsync(new GitRepository(path), ["update-server-info"], cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var file = Path.Combine(_root, context.Request.Path.Value!.TrimStart('/'));
        if (Authorization is not null && context.Request.Headers.Authorization != Authorization)
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        else if (File.Exists(file))
            await context.Response.Body.WriteAsync(await File.ReadAllBytesAsync(file, context.RequestAborted), context.RequestAborted);
        else
            context.Response.StatusCode = StatusCodes.Status404NotFound;
    }
}
