using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Model;
using Portico.Blueprint.Planning;

namespace Portico.Blueprint.Rules;

/// <summary>What must hold between the fields of one service.</summary>
internal static class ServiceRules
{
    public static void Check(ServiceSpec service, bool runtimeKnown, DiagnosticBag bag)
    {
        CheckRequired(service, runtimeKnown, bag);
        CheckImage(service, runtimeKnown, bag);
        CheckInstances(service, bag);
        if (SecretKeys.HoldsCredentials(service.Repo))
            bag.Warn(
                Codes.UnsafeValue, service.Origin.At("repo"), "the URL holds a password, which everyone sees who can read the file",
                "use an ssh URL, or a registered credential");
        if (service is { Domains.Count: > 0, Kind: not (ServiceKind.WebService or ServiceKind.StaticSite) })
            bag.Warn(Codes.IgnoredField, service.Origin.At("domains"), "only web services and static sites have domains; these have no effect");
    }

    private static void CheckRequired(ServiceSpec service, bool runtimeKnown, DiagnosticBag bag)
    {
        if (service.Kind == ServiceKind.CronJob && !service.Origin.Has("schedule"))
            bag.Error(Codes.MissingField, service.Origin, "'schedule' is missing", "for example schedule: \"0 3 * * *\" (UTC)");
        // No error: who only ever starts it by hand writes it so.
        if (service is { Kind: ServiceKind.CronJob, Schedule: { } schedule } && CronRule.Check(schedule) is null && CronRule.NeverRuns(schedule))
            bag.Warn(
                Codes.NeverRuns, service.Origin.At("schedule"), $"'{Shown.Word(schedule)}' is a day that never comes: it does not run by itself, only when it is triggered",
                "choose a day that its months have");
        if (service.Kind == ServiceKind.StaticSite)
        {
            if (!service.Origin.Has("staticPublishPath"))
                bag.Error(Codes.MissingField, service.Origin, "'staticPublishPath' is missing", "name the directory that the build fills, for example ./dist");
            return;
        }
        if (runtimeKnown && service.Runtime is not ("docker" or "image" or "static") && (service.StartCommand is { } command ? string.IsNullOrWhiteSpace(command) : !service.Origin.Has("startCommand")))
            bag.Error(
                Codes.MissingField, service.Origin, $"'startCommand' is missing: nothing says how to run this {service.Runtime} service",
                $"for example startCommand: {Example(service.Runtime)}");
    }

    private static string Example(string runtime) => runtime switch
    {
        "node" => "npm start",
        "python" => "gunicorn app:app",
        "ruby" => "bundle exec puma",
        "elixir" => "mix phx.server",
        "rust" => "cargo run --release",
        "dotnet" => "dotnet out/App.dll",
        _ => "./app",
    };

    private static void CheckImage(ServiceSpec service, bool runtimeKnown, DiagnosticBag bag)
    {
        if (!runtimeKnown)
            return;
        if (service.Runtime == "image" && !service.Origin.Has("image"))
            bag.Error(Codes.MissingField, service.Origin, "'image' is missing: 'runtime: image' runs one", "write 'image:' and 'url: docker.io/…' below it");
        if (service.Runtime != "image" && service.Image is not null)
            bag.Error(Codes.Conflict, service.Origin.At("image"), $"'image' and 'runtime: {service.Runtime}' exclude each other", "write 'runtime: image'");
        if (service is { Runtime: "image", Repo: not null })
            bag.Warn(Codes.IgnoredField, service.Origin.At("repo"), "'repo' has no effect with 'runtime: image'");
    }

    private static void CheckInstances(ServiceSpec service, DiagnosticBag bag)
    {
        if (service.Disk is not null && service.NumInstances > 1)
            bag.Error(
                Codes.Conflict, service.Origin.At("numInstances"),
                $"a service with a disk runs one instance, and numInstances is {service.NumInstances}", "remove 'disk' or 'numInstances'");
        if (service.Disk is not null && service.Scaling?.MaxInstances > 1)
            bag.Error(
                Codes.Conflict, service.Origin.At("scaling"),
                $"a service with a disk runs one instance, and maxInstances is {service.Scaling.MaxInstances}", "remove 'disk' or 'scaling'");
        if (service is { NumInstances: not null, Scaling: not null })
            bag.Warn(Codes.Conflict, service.Origin.At("numInstances"), "'numInstances' has no effect next to 'scaling'");
    }
}
