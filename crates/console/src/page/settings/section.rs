//! Turns the pages of settings into one list with addresses, names and who may see them.

use protocol::query::access::Role;

use crate::chunk::{self, Chunk};
use crate::words::say;

/// One page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Project,
    Sites,
    Budgets,
    Maintenance,
    Releases,
    People,
    Team,
    Tokens,
    Audit,
    Health,
    Account,
}

/// Pages that belong together.
#[derive(Clone, Copy)]
pub(super) struct Group {
    /// What people read.
    pub(super) name: fn() -> &'static str,
    /// In their order.
    pub(super) sections: &'static [Section],
}

/// The pages, in groups.
pub(super) const GROUPS: [Group; 4] = [
    Group {
        name: say::set_group_project,
        sections: &[
            Section::Project,
            Section::Sites,
            Section::Budgets,
            Section::Maintenance,
            Section::Releases,
        ],
    },
    Group {
        name: say::set_group_data,
        sections: &[Section::Health, Section::People],
    },
    Group {
        name: say::set_group_access,
        sections: &[Section::Team, Section::Tokens, Section::Audit],
    },
    Group {
        name: say::set_group_you,
        sections: &[Section::Account],
    },
];

impl Section {
    /// Every page.
    pub(super) const ALL: [Self; 11] = [
        Self::Project,
        Self::Sites,
        Self::Budgets,
        Self::Maintenance,
        Self::Releases,
        Self::People,
        Self::Team,
        Self::Tokens,
        Self::Audit,
        Self::Health,
        Self::Account,
    ];

    /// The page at a path below the console's base.
    pub(super) fn at(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.path() == path)
    }

    /// Below the console's base, without slashes around it.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Project => "settings/project",
            Self::Budgets => "settings/budgets",
            Self::Maintenance => "settings/maintenance",
            Self::Releases => "settings/releases",
            Self::People => "settings/people",
            Self::Sites => "settings/sites",
            Self::Team => "settings/team",
            Self::Tokens => "settings/tokens",
            Self::Audit => "settings/audit",
            Self::Health => "settings/health",
            Self::Account => "settings/account",
        }
    }

    /// What people read.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Project => say::set_project(),
            Self::Budgets => say::set_budgets(),
            Self::Maintenance => say::set_maint(),
            Self::Releases => say::set_releases(),
            Self::People => say::set_people(),
            Self::Sites => say::set_sites(),
            Self::Team => say::set_team(),
            Self::Tokens => say::set_tokens(),
            Self::Audit => say::set_audit(),
            Self::Health => say::set_health(),
            Self::Account => say::set_account(),
        }
    }

    /// What it is for.
    pub(super) fn what(self) -> &'static str {
        match self {
            Self::Project => say::set_project_what(),
            Self::Budgets => say::set_budgets_what(),
            Self::Maintenance => say::set_maint_what(),
            Self::Releases => say::set_releases_what(),
            Self::People => say::set_people_what(),
            Self::Sites => say::set_sites_what(),
            Self::Team => say::set_team_what(),
            Self::Tokens => say::set_tokens_what(),
            Self::Audit => say::set_audit_what(),
            Self::Health => say::set_health_what(),
            Self::Account => say::set_account_what(),
        }
    }

    /// What it is drawn by.
    pub(super) const fn chunk(self) -> Chunk {
        match self {
            Self::Project | Self::Sites => chunk::SETTINGS_PROJECT,
            Self::Budgets | Self::Maintenance | Self::Releases => chunk::SETTINGS_TIMES,
            Self::Health | Self::People => chunk::SETTINGS_DATA,
            Self::Team | Self::Tokens => chunk::SETTINGS_ACCESS,
            Self::Audit | Self::Account => chunk::SETTINGS_DONE,
        }
    }

    /// The least role that its data is told to.
    pub(super) const fn least(self) -> Role {
        match self {
            Self::Sites | Self::Team | Self::Tokens | Self::Audit | Self::People => Role::Admin,
            Self::Project | Self::Budgets | Self::Maintenance | Self::Releases => Role::Viewer,
            Self::Health | Self::Account => Role::Viewer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_in_one_group_and_has_its_own_address() {
        let grouped: Vec<_> = GROUPS.iter().flat_map(|group| group.sections).collect();
        assert_eq!(grouped.len(), Section::ALL.len());
        for section in Section::ALL {
            assert!(grouped.contains(&&section), "{section:?}");
            assert_eq!(Section::at(section.path()), Some(section));
        }
        assert_eq!(Section::at("settings/nothing"), None);
    }
}
