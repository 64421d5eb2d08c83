using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Notifications;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Api;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Access;
using Portico.Core.Notifications;

namespace Portico.ControlPlane.Tests.Notifications;

/// <summary>E-mail, handed to a mail server on a real socket.</summary>
public sealed partial class MailTests : IAsyncLifetime
{
    private readonly MailServer _mails = new();
    private ApiHost _host = null!;
    private string _api = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private SimPlatform Platform => _host.Platform;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync(Token, settings => settings with { Smtp = Smtp($"smtp://127.0.0.1:{_mails.Port}?tls=off"), MailSender = "portico@example.org" });
        await Scenario.Apply(UploadedSource.First)(Platform, Token);
        _api = (await _host.Owner.ReadAsync("/v1/services?name=api"))[0].GetProperty("service").Text("id");
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _mails.DisposeAsync();
    }

    [Fact]
    public async Task Members_are_told_that_a_deploy_failed_and_why()
    {
        using var viewer = await _host.MemberAsync(Role.Viewer, Platform.Workspace, Token);
        using var billing = await _host.MemberAsync(Role.Billing, Platform.Workspace, Token);
        using var stranger = await _host.MemberAsync(Role.Admin, null, Token);

        await FailAsync();

        Assert.Equal(2, _mails.Taken.Count);
        Assert.Contains(_mails.Taken, mail => mail.To == "owner@localhost");
        var data = _mails.Taken[0].Data;
        Assert.Contains("Subject: [api] deploy failed (build)", data, StringComparison.Ordinal);
        Assert.Contains("From: \"Portico\" <portico@example.org>", data, StringComparison.Ordinal);
        Assert.Contains("text/plain", data, StringComparison.Ordinal);
        Assert.Contains("text/html", data, StringComparison.Ordinal);
        var text = Decoded(data);
        Assert.Contains("Step: build\n\nThe command exited with code 1.", text, StringComparison.Ordinal);
        Assert.Contains("    last words", text, StringComparison.Ordinal);
        Assert.Contains("portico logs api", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_value_that_a_deploy_was_given_is_in_a_mail()
    {
        await FailAsync();
        await using var db = await Platform.OpenAsync(Token);
        var told = await db.Events.OrderByDescending(row => row.Id).FirstAsync(row => row.ResourceId == _api && row.Type == "deploy_ended", Token);
        var deploy = await db.Deploys.OrderByDescending(row => row.Id).FirstAsync(row => row.ServiceId == _api, Token);
        var secret = deploy.Environment!["SECRET"];
        deploy.Failure = deploy.Failure! with { LastLines = [$"cannot log in with {secret}!"], Message = $"No {secret}" };
        await db.SaveChangesAsync(Token);

        var mail = await Platform.Get<MailText>().OfAsync(db, told, new EventResource(_api, Platform.Workspace, "api"), Token);

        Assert.DoesNotContain(secret, mail.Body, StringComparison.Ordinal);
        Assert.Contains("cannot log in with •••!", mail.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workspace_and_a_service_say_how_much_they_want_to_be_told()
    {
        await SettleAsync();
        Assert.Empty(_mails.Taken);

        await SetAsync($"owners/{Platform.Workspace}", """{"notificationsToSend":"all"}""");
        await SuspendAndResumeAsync();
        Assert.Equal(["[api] service suspended", "[api] service resumed"], Subjects());

        await SetAsync($"overrides/services/{_api}", """{"notificationsToSend":"failure"}""");
        await SuspendAndResumeAsync();
        Assert.Equal(2, _mails.Taken.Count);
        await FailAsync();
        Assert.Equal(3, _mails.Taken.Count);

        await SetAsync($"overrides/services/{_api}", """{"notificationsToSend":"none"}""");
        await FailAsync();
        await SetAsync($"overrides/services/{_api}", """{"notificationsToSend":"default"}""");
        await SetAsync($"owners/{Platform.Workspace}", """{"emailEnabled":false}""");
        await FailAsync();
        Assert.Equal(3, _mails.Taken.Count);
    }

    [Fact]
    public async Task A_server_that_is_busy_is_asked_again_and_an_address_that_is_none_is_not()
    {
        _mails.Refusal = "451 later";
        await FailAsync();
        Assert.Empty(_mails.Taken);
        _mails.Refusal = null;
        Platform.Time.Advance(TimeSpan.FromMinutes(1));
        await SettleAsync();
        Assert.Single(_mails.Taken);

        _mails.Refusal = "550 nobody here";
        await FailAsync();
        var asked = _mails.Connections;
        _mails.Refusal = null;
        Platform.Time.Advance(TimeSpan.FromHours(6));
        await SettleAsync();
        Assert.Equal((1, asked), (_mails.Taken.Count, _mails.Connections));
    }

    [Fact]
    public async Task What_crashes_again_and_again_is_told_of_once_an_hour()
    {
        for (var time = 0; time < 5; time++)
        {
            foreach (var instance in Platform.World.Instances.Where(instance => instance.Owner == _api).ToList())
                Platform.World.Kill(instance);
            await SettleAsync();
        }
        Assert.Equal(["[api] an instance failed"], Subjects());
        Assert.Contains("Last lines of the log:\n    last words", Decoded(_mails.Taken[0].Data), StringComparison.Ordinal);

        Platform.Time.Advance(MailRules.BetweenRepeats);
        Platform.World.Kill(Platform.World.Instances.First(instance => instance.Owner == _api));
        await SettleAsync();

        Assert.Equal(2, _mails.Taken.Count);
    }

    [Fact]
    public async Task Admins_are_told_that_a_webhook_was_disabled()
    {
        Platform.Receivers.Answer("receiver.example", HttpStatusCode.Gone);
        await _host.Owner.CallAsync(HttpMethod.Post, "/v1/webhooks", HttpStatusCode.Created,
            $$"""{"ownerId":"{{Platform.Workspace}}","url":"https://receiver.example/","name":"hook","enabled":true,"eventFilter":["service_suspended"]}""");
        await SuspendAndResumeAsync();
        for (var hour = 0; hour < 40; hour++)
        {
            Platform.Time.Advance(TimeSpan.FromHours(1));
            await Platform.PassAsync(Token);
        }

        Assert.Equal(["Webhook 'hook' was disabled"], Subjects());
        Assert.Contains("The receiver responded with 410", Decoded(_mails.Taken[0].Data), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_TLS_is_wanted_and_not_offered_nothing_is_sent()
    {
        var settings = new PlatformSettings { Paths = Platform.Paths, Smtp = Smtp($"smtp://user:word@127.0.0.1:{_mails.Port}"), MailSender = "portico@example.org" };
        var delivery = new EventResource(_api, Platform.Workspace, "api").Delivery(
            new EventRow { Id = "evt-1", ResourceId = _api, Type = "deploy_ended", At = default, Details = "{}", OnceKey = "" }, "usr-1", "s", "b", default);

        var result = await new MailSender(settings, Platform.Time).SendAsync(delivery, "a@example.org", Token);

        Assert.Equal(AttemptOutcome.Failed, result.Outcome);
        Assert.NotEmpty(result.Error!);
        Assert.Empty(_mails.Taken);
    }

    [Theory]
    [InlineData("smtp://mail.example.org", 587, true, null, null)]
    [InlineData("smtp://me%40x:p%3Ass@mail.example.org:2525", 2525, true, "me@x", "p:ss")]
    [InlineData("smtp://localhost:25?tls=off", 25, false, null, null)]
    public void A_mail_server_is_a_URL(string text, int port, bool tls, string? user, string? password)
    {
        var smtp = Smtp(text);

        Assert.Equal((port, tls, user, password), (smtp.Port, smtp.UseTls, smtp.User, smtp.Password));
    }

    [Theory]
    [InlineData("mail.example.org")]
    [InlineData("https://me:s3cret@mail.example.org")]
    [InlineData("smtps://me:s3cret@mail.example.org")]
    [InlineData("smtp://me:s3cret@mail.example.org:465")]
    [InlineData("smtp://me:s3cret@mail.example.org?tls=off")]
    [InlineData("smtp://me:s3cret@mail.example.org/box")]
    public void One_that_cannot_be_used_is_refused_without_its_password(string text)
    {
        Assert.False(SmtpSettings.TryParse(text, out _, out var problem));
        Assert.DoesNotContain("s3cret", problem, StringComparison.Ordinal);
    }

    private static SmtpSettings Smtp(string text) =>
        SmtpSettings.TryParse(text, out var settings, out var problem) ? settings : throw new InvalidOperationException(problem);

    /// <summary>The first part, which is the plain text.</summary>
    private static string Decoded(string data)
    {
        var part = Base64().Match(data);
        if (part.Success)
            return Encoding.UTF8.GetString(Convert.FromBase64String(part.Groups[1].Value)).ReplaceLineEndings("\n");
        return data.Replace("=\n", "", StringComparison.Ordinal).Replace("=0D=0A", "\n", StringComparison.Ordinal).Replace("=0A", "\n", StringComparison.Ordinal);
    }

    private List<string> Subjects() =>
        [.. _mails.Taken.Select(mail => mail.Data.Split('\n').Single(line => line.StartsWith("Subject: ", StringComparison.Ordinal))["Subject: ".Length..])];

    private Task SettleAsync() => Platform.SettleAsync(Token);

    private Task<System.Text.Json.JsonElement> SetAsync(string path, string body) =>
        _host.Owner.CallAsync(HttpMethod.Patch, $"/v1/notification-settings/{path}", HttpStatusCode.OK, body);

    private async Task FailAsync()
    {
        Platform.World.FailingRuns.Add(_api);
        await _host.Owner.CallAsync(HttpMethod.Post, $"/v1/services/{_api}/deploys", HttpStatusCode.Created, """{"clearCache":"clear"}""");
        await SettleAsync();
    }

    private async Task SuspendAndResumeAsync()
    {
        foreach (var action in (string[])["suspend", "resume"])
        {
            await _host.Owner.CallAsync(HttpMethod.Post, $"/v1/services/{_api}/{action}", HttpStatusCode.Accepted);
            await SettleAsync();
        }
    }

    [GeneratedRegex(@"text/plain[^\n]*\n(?:[^\n]+\n)*?Content-Transfer-Encoding: base64\n\n([A-Za-z0-9+/=\n]+)")]
    private static partial Regex Base64();
}
