using Microsoft.EntityFrameworkCore;
using Portico.Core.Services;

namespace Portico.ControlPlane.State;

/// <summary>The keys and indexes of tables for access control, projects and environments.</summary>
internal static class AccessModel
{
    public static void Build(ModelBuilder modelBuilder, SecretColumns secrets)
    {
        modelBuilder.Entity<WorkspaceRow>().HasKey(row => row.Id);
        modelBuilder.Entity<WorkspaceRow>().HasIndex(row => row.NetworkNumber).IsUnique();
        modelBuilder.Entity<UserRow>(user =>
        {
            user.HasKey(row => row.Id);
            // Not unique: nothing proves that an address is the user's, so nobody may reserve one.
            user.HasIndex(row => row.Email);
        });
        modelBuilder.Entity<MemberRow>(member =>
        {
            member.HasKey(row => new { row.WorkspaceId, row.UserId });
            member.HasIndex(row => row.UserId);
        });
        modelBuilder.Entity<ApiKeyRow>(key =>
        {
            key.HasKey(row => row.Id);
            key.HasIndex(row => row.Hash).IsUnique();
            key.HasIndex(row => row.UserId);
            key.HasIndex(row => row.CreatorKeyId);
        });
        modelBuilder.Entity<SshKeyRow>(key =>
        {
            key.HasKey(row => row.Id);
            key.HasIndex(row => new { row.UserId, row.PublicKey }).IsUnique();
        });
        modelBuilder.Entity<InvitationRow>(invitation =>
        {
            invitation.HasKey(row => row.Id);
            invitation.HasIndex(row => row.Hash).IsUnique();
            invitation.HasIndex(row => row.WorkspaceId);
        });
        BuildLogins(modelBuilder);
        BuildSessions(modelBuilder);
        BuildProjects(modelBuilder);
        BuildSettings(modelBuilder, secrets);
    }

    private static void BuildLogins(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<LoginRow>(login =>
        {
            login.HasKey(row => row.Id);
            login.HasIndex(row => row.AccessHash).IsUnique();
            login.HasIndex(row => row.RefreshHash).IsUnique();
            login.HasIndex(row => row.SpentRefreshHash);
            login.HasIndex(row => row.CreatorKeyId);
            login.Property(row => row.Version).IsConcurrencyToken();
        });
        modelBuilder.Entity<DeviceGrantRow>(grant =>
        {
            grant.HasKey(row => row.DeviceHash);
            grant.HasIndex(row => row.UserCode).IsUnique();
            grant.Property(row => row.Version).IsConcurrencyToken();
        });
        modelBuilder.Entity<AuditRow>(entry =>
        {
            entry.HasKey(row => row.Id);
            entry.HasIndex(row => new { row.WorkspaceId, row.Id });
            entry.HasIndex(row => row.At);
        });
    }

    private static void BuildSessions(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<SessionRow>(session =>
        {
            session.HasKey(row => row.Id);
            session.HasIndex(row => row.PageHash).IsUnique();
            session.HasIndex(row => row.UserId);
            session.HasIndex(row => row.CreatorKeyId);
        });
        modelBuilder.Entity<SignInLinkRow>(link =>
        {
            link.HasKey(row => row.Hash);
            link.HasIndex(row => row.UserId);
        });
    }

    private static void BuildProjects(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<ProjectRow>(project =>
        {
            project.HasKey(row => row.Id);
            project.HasIndex(row => new { row.WorkspaceId, row.Name }).IsUnique();
            project.Property(row => row.Version).IsConcurrencyToken();
        });
        modelBuilder.Entity<EnvironmentRow>(environment =>
        {
            environment.HasIndex(row => row.NetworkNumber).IsUnique();
            environment.HasKey(row => row.Id);
            environment.HasIndex(row => new { row.ProjectId, row.Name }).IsUnique();
            environment.HasIndex(row => row.WorkspaceId);
            environment.Property(row => row.Version).IsConcurrencyToken();
            environment.Property(row => row.IpAllowList).HasConversion(StoredJson.NullableConverter<IReadOnlyList<IpRule>>());
        });
    }

    private static void BuildSettings(ModelBuilder modelBuilder, SecretColumns secrets)
    {
        modelBuilder.Entity<RegistryCredentialRow>(credential =>
        {
            credential.HasKey(row => row.Id);
            credential.HasIndex(row => new { row.WorkspaceId, row.Name }).IsUnique();
            credential.Property(row => row.AuthToken).HasConversion(secrets.Converter<string>());
            credential.Property(row => row.Version).IsConcurrencyToken();
        });
        modelBuilder.Entity<NotificationSettingsRow>(settings =>
        {
            settings.HasKey(row => row.WorkspaceId);
            settings.Property(row => row.Version).IsConcurrencyToken();
        });
        modelBuilder.Entity<NotificationOverrideRow>(settings =>
        {
            settings.HasKey(row => row.ServiceId);
            settings.Property(row => row.Version).IsConcurrencyToken();
        });
    }
}
