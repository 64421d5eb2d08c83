using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Portico.Api.Contracts.Platform;

namespace Portico.Cli.Tests.Support;

internal sealed partial class FakeServer
{
    private static readonly KeyInfo Key = new("key-1", "ci", "key", "owner@localhost", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), null, null);

    public ConcurrentQueue<CreateKey> CreatedKeys { get; } = new();

    public ConcurrentQueue<CreateInvitation> Invitations { get; } = new();

    public ConcurrentQueue<PutRepository> PutRepositories { get; } = new();

    /// <summary>Whether it makes links that sign in, as a server of an earlier version does not.</summary>
    public bool HasLoginLinks { get; set; } = true;

    private void MapAccess()
    {
        _app.MapPost("/portico/v1/login-links", () => HasLoginLinks
            ? Json(new CreatedLoginLink("http://localhost:8080/signin#rnd_once", Key.CreatedAt), 201)
            : Results.StatusCode(404));
        _app.MapGet("/portico/v1/keys", () => Json<IReadOnlyList<KeyInfo>>([Key], 200));
        _app.MapPost("/portico/v1/keys", async (HttpRequest request) =>
        {
            CreatedKeys.Enqueue((await JsonSerializer.DeserializeAsync(request.Body, PlatformJson.Default.CreateKey))!);
            return Json(new CreatedKey(Key, "rnd_secret"), 201);
        });
        _app.MapDelete("/portico/v1/keys/{id}", (string id) => Results.StatusCode(204));
        _app.MapPut("/portico/v1/repositories/{name}", async (string name, HttpRequest request) =>
        {
            PutRepositories.Enqueue((await JsonSerializer.DeserializeAsync(request.Body, PlatformJson.Default.PutRepository))!);
            return Json(new RepositoryInfo(name, $"http://localhost:8080/git/{name}.git", "tea-1"), 200);
        });
        _app.MapGet("/portico/v1/logins/{code}", (string code) => Json(new WaitingLogin("the command", "203.0.113.9", Key.CreatedAt), 200));
        _app.MapPost("/portico/v1/logins/approve", () => Json(new ApprovedLogin("the command", "owner@localhost"), 200));
        _app.MapGet("/v1/owners", () => Results.Text(
            """[{"owner":{"id":"tea-1","name":"My Workspace","email":"owner@localhost","type":"team"},"cursor":"a"}]""", "application/json"));
        _app.MapGet("/v1/owners/{id}/members", (string id) => Results.Text(
            """[{"userId":"usr-1","name":"Ada","email":"ada@example.org","status":"active","role":"WORKSPACE_VIEWER","mfaEnabled":false}]""", "application/json"));
        _app.MapDelete("/v1/owners/{id}/members/{user}", (string id, string user) => Results.StatusCode(204));
        _app.MapPost("/portico/v1/workspaces/{id}/invitations", async (string id, HttpRequest request) =>
        {
            var asked = (await JsonSerializer.DeserializeAsync(request.Body, PlatformJson.Default.CreateInvitation))!;
            Invitations.Enqueue(asked);
            var invitation = new InvitationInfo("inv-1", asked.Email, asked.Role!, Key.CreatedAt, Key.CreatedAt.AddDays(7));
            return Json(new CreatedInvitation(invitation, "http://localhost:8080/join?token=rnd_first"), 201);
        });
    }
}
