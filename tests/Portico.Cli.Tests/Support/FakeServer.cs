using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Portico.Api.Contracts.Platform;

namespace Portico.Cli.Tests.Support;

/// <summary>Plays the server on a platform's socket: answers what a test lays out, remembers what it was asked.</summary>
internal sealed partial class FakeServer : IAsyncDisposable
{
    private const string UploadedCommit = "0123456789012345678901234567890123456789";

    private readonly WebApplication _app;
    private int _statusReads;

    private FakeServer(WebApplication app) => _app = app;

    public Func<int, PlatformStatus> Status { get; set; } = _ => Given.Status();

    public Func<ApplyBlueprint, (int Code, BlueprintResult Result)> Apply { get; set; } = _ => (200, Given.Applied());

    public ConnectionDetails? Connection { get; set; }

    public List<LogEntry> Logs { get; } = [];

    public List<LogEntry> BuildLogs { get; } = [];

    /// <summary>Whether following ends at once, as when a server stops.</summary>
    public bool EndsLogs { get; set; }

    /// <summary>Its address for clients on other machines.</summary>
    public string Url => _app.Urls.Single(url => !url.Contains("unix:", StringComparison.Ordinal));

    /// <summary>Whether the key belongs to the owner of the machine.</summary>
    public bool IsOwners { get; set; } = true;

    public ConcurrentQueue<string> Requests { get; } = new();

    public ConcurrentQueue<ApplyBlueprint> Applied { get; } = new();

    public ConcurrentDictionary<string, byte[]> Sources { get; } = new();

    public StopPlatform? Stopped { get; private set; }

    public static async Task<FakeServer> StartAsync(TempFolder folder)
    {
        var paths = new PlatformPaths(folder["home"]);
        Directory.CreateDirectory(paths.Run);
        Directory.CreateDirectory(paths.State);
        File.WriteAllText(paths.ApiKey, "key-of-the-test\n");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.ListenUnixSocket(paths.ServerSocket);
            options.Listen(IPAddress.Loopback, 0);
            options.Limits.MaxRequestBodySize = null;
        });
        var server = new FakeServer(builder.Build());
        server.Map();
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    public BackgroundReport Background { get; set; } = new([new BackgroundLoop("deploys", DateTimeOffset.UnixEpoch, 0.002, 12, 0, null, null, [])], []);

    private void Map()
    {
        _app.Use(async (context, next) =>
        {
            Requests.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
            if (context.Request.Headers.Authorization == "Bearer key-of-the-test")
                await next();
            else
                context.Response.StatusCode = 401;
        });
        _app.MapGet("/portico/v1/status", () => IsOwners
            ? Json(Status(Interlocked.Increment(ref _statusReads)), 200)
            : Json(new ApiError("1", "Only the owner of this machine can do this."), 403));
        _app.MapGet("/portico/v1/engine", () => Json(new EngineReport { Name = "process", Checks = [new("warning", "limits", "no cgroups", "mount them")] }, 200));
        _app.MapGet("/portico/v1/engine/outside", () => Json(new EngineReport { Name = "process", Checks = [new("warning", "outside", "not tried", null)] }, 200));
        _app.MapGet("/portico/v1/background", () => Json(Background, 200));
        _app.MapGet("/portico/v1/connections/{name}", (string name) => Json(Connection, 200));
        _app.MapGet("/portico/v1/blueprints/export", () => "services: []\n");
        _app.MapPost("/portico/v1/blueprints/apply", ApplyAsync);
        _app.MapGet("/portico/v1/sources/{commit}", (string commit) => Results.StatusCode(Sources.ContainsKey(commit) ? 204 : 404));
        _app.MapPut("/portico/v1/sources/{commit}", UploadAsync);
        _app.MapPost("/portico/v1/services/{name}/restart", (string name) => Results.StatusCode(202));
        _app.MapPost("/portico/v1/services/{name}/rollback", async (HttpRequest request) => Json(
            new RolledBack("dep-new", (await JsonSerializer.DeserializeAsync(request.Body, PlatformJson.Default.RollBackService))!.DeployId ?? "dep-before", UploadedCommit, "commit"), 200));
        _app.MapPost("/portico/v1/stop", StopAsync);
        _app.MapGet("/portico/v1/logs", WriteLogsAsync);
        MapAccess();
        MapServices();
        MapOperations();
        MapRemote();
    }

    private async Task<IResult> ApplyAsync(HttpRequest request)
    {
        var body = (await JsonSerializer.DeserializeAsync(request.Body, PlatformJson.Default.ApplyBlueprint))!;
        Applied.Enqueue(body);
        var (code, result) = Apply(body);
        return Json(result, code);
    }

    private async Task WriteLogsAsync(HttpContext context, int? tail, bool follow, bool build)
    {
        var lines = build ? BuildLogs : Logs;
        // What is followed counts as written after it was asked for.
        foreach (var entry in follow ? lines : lines.TakeLast(tail ?? int.MaxValue))
            await context.Response.WriteAsync(JsonSerializer.Serialize(entry, PlatformJson.Default.LogEntry) + "\n");
        await context.Response.Body.FlushAsync();
        if (follow && !EndsLogs)
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
    }

    private async Task<IResult> UploadAsync(string commit, HttpRequest request)
    {
        using var bundle = new MemoryStream();
        await request.Body.CopyToAsync(bundle);
        Sources[commit] = bundle.ToArray();
        return Results.StatusCode(201);
    }

    private async Task<IResult> StopAsync(HttpRequest request)
    {
        Stopped = await JsonSerializer.DeserializeAsync(request.Body, PlatformJson.Default.StopPlatform);
        return Results.StatusCode(202);
    }

    private static IResult Json<T>(T value, int code) =>
        Results.Text(JsonSerializer.Serialize(value, typeof(T), PlatformJson.Default), "application/json", null, code);
}
