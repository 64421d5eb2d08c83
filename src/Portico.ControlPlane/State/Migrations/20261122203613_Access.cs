using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portico.ControlPlane.State.Migrations
{
    /// <inheritdoc />
    public partial class Access : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.RenameColumn(
                name: "Project",
                table: "Services",
                newName: "EnvironmentId");

            migrationBuilder.RenameColumn(
                name: "Project",
                table: "EnvGroups",
                newName: "EnvironmentId");

            migrationBuilder.RenameColumn(
                name: "Project",
                table: "DataStores",
                newName: "EnvironmentId");

            migrationBuilder.AddColumn<string>(
                name: "BlueprintId",
                table: "Syncs",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "AuditLogs",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    WorkspaceId = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Event = table.Column<string>(type: "TEXT", nullable: false),
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    UserEmail = table.Column<string>(type: "TEXT", nullable: false),
                    KeyId = table.Column<string>(type: "TEXT", nullable: true),
                    Method = table.Column<string>(type: "TEXT", nullable: false),
                    Path = table.Column<string>(type: "TEXT", nullable: false),
                    ResourceId = table.Column<string>(type: "TEXT", nullable: true),
                    Status = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuditLogs", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "BlueprintResources",
                columns: table => new
                {
                    BlueprintId = table.Column<string>(type: "TEXT", nullable: false),
                    ResourceId = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BlueprintResources", x => new { x.BlueprintId, x.ResourceId });
                });

            migrationBuilder.CreateTable(
                name: "Blueprints",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    WorkspaceId = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Repo = table.Column<string>(type: "TEXT", nullable: false),
                    Branch = table.Column<string>(type: "TEXT", nullable: false),
                    Path = table.Column<string>(type: "TEXT", nullable: false),
                    LastSyncAt = table.Column<long>(type: "INTEGER", nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Blueprints", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "DeviceGrants",
                columns: table => new
                {
                    DeviceHash = table.Column<string>(type: "TEXT", nullable: false),
                    UserCode = table.Column<string>(type: "TEXT", nullable: false),
                    ClientId = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ApprovedBy = table.Column<string>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DeviceGrants", x => x.DeviceHash);
                });

            migrationBuilder.CreateTable(
                name: "Environments",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    WorkspaceId = table.Column<string>(type: "TEXT", nullable: false),
                    ProjectId = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    IsProtected = table.Column<bool>(type: "INTEGER", nullable: false),
                    IsIsolated = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    UpdatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Environments", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Logins",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    ClientId = table.Column<string>(type: "TEXT", nullable: false),
                    AccessHash = table.Column<string>(type: "TEXT", nullable: false),
                    AccessExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    RefreshHash = table.Column<string>(type: "TEXT", nullable: false),
                    RefreshExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    SpentRefreshHash = table.Column<string>(type: "TEXT", nullable: true),
                    RefreshedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastUsedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    RevokedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Logins", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "NotificationOverrides",
                columns: table => new
                {
                    ServiceId = table.Column<string>(type: "TEXT", nullable: false),
                    WorkspaceId = table.Column<string>(type: "TEXT", nullable: false),
                    PreviewsEnabled = table.Column<bool>(type: "INTEGER", nullable: true),
                    Level = table.Column<string>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NotificationOverrides", x => x.ServiceId);
                });

            migrationBuilder.CreateTable(
                name: "NotificationSettings",
                columns: table => new
                {
                    WorkspaceId = table.Column<string>(type: "TEXT", nullable: false),
                    EmailEnabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    PreviewsEnabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    Level = table.Column<string>(type: "TEXT", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NotificationSettings", x => x.WorkspaceId);
                });

            migrationBuilder.CreateTable(
                name: "Projects",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    WorkspaceId = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    UpdatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Projects", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "RegistryCredentials",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    WorkspaceId = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Registry = table.Column<string>(type: "TEXT", nullable: false),
                    Username = table.Column<string>(type: "TEXT", nullable: false),
                    AuthToken = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    UpdatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RegistryCredentials", x => x.Id);
                });

            // Names become rows: what was in a project stays in it.
            migrationBuilder.Sql("""
                CREATE TEMP TABLE Places AS
                    SELECT WorkspaceId, EnvironmentId AS Project, Environment FROM Services WHERE EnvironmentId IS NOT NULL
                    UNION SELECT WorkspaceId, EnvironmentId, Environment FROM EnvGroups WHERE EnvironmentId IS NOT NULL
                    UNION SELECT WorkspaceId, EnvironmentId, Environment FROM DataStores WHERE EnvironmentId IS NOT NULL;

                INSERT INTO Projects (Id, WorkspaceId, Name, CreatedAt, UpdatedAt, Version)
                    SELECT 'prj-' || lower(hex(randomblob(9))) || '00', WorkspaceId, Project, Now, Now, 0
                    FROM (SELECT DISTINCT WorkspaceId, Project, strftime('%s', 'now') * 10000000 + 621355968000000000 AS Now FROM Places);

                INSERT INTO Environments (Id, WorkspaceId, ProjectId, Name, IsProtected, IsIsolated, CreatedAt, UpdatedAt, Version)
                    SELECT 'evm-' || lower(hex(randomblob(9))) || '00', Places.WorkspaceId, Projects.Id, Environment, 0, 0, CreatedAt, UpdatedAt, 0
                    FROM Places JOIN Projects ON Projects.WorkspaceId = Places.WorkspaceId AND Projects.Name = Places.Project;

                UPDATE Services SET EnvironmentId = (
                    SELECT Environments.Id FROM Environments JOIN Projects ON Projects.Id = ProjectId
                    WHERE Projects.WorkspaceId = Services.WorkspaceId AND Projects.Name = Services.EnvironmentId AND Environments.Name = Environment);
                UPDATE EnvGroups SET EnvironmentId = (
                    SELECT Environments.Id FROM Environments JOIN Projects ON Projects.Id = ProjectId
                    WHERE Projects.WorkspaceId = EnvGroups.WorkspaceId AND Projects.Name = EnvGroups.EnvironmentId AND Environments.Name = Environment);
                UPDATE DataStores SET EnvironmentId = (
                    SELECT Environments.Id FROM Environments JOIN Projects ON Projects.Id = ProjectId
                    WHERE Projects.WorkspaceId = DataStores.WorkspaceId AND Projects.Name = DataStores.EnvironmentId AND Environments.Name = Environment);

                DROP TABLE Places;
                """);

            migrationBuilder.DropColumn(
                name: "Environment",
                table: "Services");

            migrationBuilder.DropColumn(
                name: "Environment",
                table: "EnvGroups");

            migrationBuilder.DropColumn(
                name: "Environment",
                table: "DataStores");

            migrationBuilder.CreateIndex(
                name: "IX_Syncs_BlueprintId",
                table: "Syncs",
                column: "BlueprintId");

            migrationBuilder.CreateIndex(
                name: "IX_AuditLogs_At",
                table: "AuditLogs",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_AuditLogs_WorkspaceId_Id",
                table: "AuditLogs",
                columns: new[] { "WorkspaceId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_DeviceGrants_UserCode",
                table: "DeviceGrants",
                column: "UserCode",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Environments_ProjectId_Name",
                table: "Environments",
                columns: new[] { "ProjectId", "Name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Environments_WorkspaceId",
                table: "Environments",
                column: "WorkspaceId");

            migrationBuilder.CreateIndex(
                name: "IX_Logins_AccessHash",
                table: "Logins",
                column: "AccessHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Logins_RefreshHash",
                table: "Logins",
                column: "RefreshHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Logins_SpentRefreshHash",
                table: "Logins",
                column: "SpentRefreshHash");

            migrationBuilder.CreateIndex(
                name: "IX_Projects_WorkspaceId_Name",
                table: "Projects",
                columns: new[] { "WorkspaceId", "Name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_RegistryCredentials_WorkspaceId_Name",
                table: "RegistryCredentials",
                columns: new[] { "WorkspaceId", "Name" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AuditLogs");

            migrationBuilder.DropTable(
                name: "BlueprintResources");

            migrationBuilder.DropTable(
                name: "Blueprints");

            migrationBuilder.DropTable(
                name: "DeviceGrants");

            migrationBuilder.DropTable(
                name: "Environments");

            migrationBuilder.DropTable(
                name: "Logins");

            migrationBuilder.DropTable(
                name: "NotificationOverrides");

            migrationBuilder.DropTable(
                name: "NotificationSettings");

            migrationBuilder.DropTable(
                name: "Projects");

            migrationBuilder.DropTable(
                name: "RegistryCredentials");

            migrationBuilder.DropIndex(
                name: "IX_Syncs_BlueprintId",
                table: "Syncs");

            migrationBuilder.DropColumn(
                name: "BlueprintId",
                table: "Syncs");

            migrationBuilder.RenameColumn(
                name: "EnvironmentId",
                table: "Services",
                newName: "Project");

            migrationBuilder.RenameColumn(
                name: "EnvironmentId",
                table: "EnvGroups",
                newName: "Project");

            migrationBuilder.RenameColumn(
                name: "EnvironmentId",
                table: "DataStores",
                newName: "Project");

            migrationBuilder.AddColumn<string>(
                name: "Environment",
                table: "Services",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Environment",
                table: "EnvGroups",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Environment",
                table: "DataStores",
                type: "TEXT",
                nullable: true);
        }
    }
}
